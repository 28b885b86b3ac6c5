#!/bin/sh
# Provide what the browser tests need: Chromium, and a font with Chinese characters in it
# (without one every character is an empty box). $1: the programs of the virtual environment.
set -eu
bin=$1

has_browser() {
	command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
		ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium*/ >/dev/null 2>&1
}
has_font() {
	{ command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; } ||
		ls /usr/share/fonts/*/noto/*CJK* >/dev/null 2>&1
}

# An independent reader of PDF signatures, beside the library that writes them.
has_pdfsig() {
	command -v pdfsig >/dev/null
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { has_browser && has_font && has_pdfsig; }; then
	echo "  · 浏览器与字体 · browser and font"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-noto-cjk fontconfig poppler-utils >/dev/null
fi
if ! has_browser; then
	echo "  · 浏览器 · browser"
	"$bin/playwright" install chromium || true
fi
if ! has_browser; then
	echo "没有可用的浏览器 / no browser could be installed:" >&2
	echo "    sudo apt-get install chromium fonts-noto-cjk" >&2
	exit 1
fi
if ! has_font; then
	echo "没有中文字体，截图会显示方框 / no Chinese font, pictures will show boxes:" >&2
	echo "    sudo apt-get install fonts-noto-cjk" >&2
fi
