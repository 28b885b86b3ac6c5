#!/bin/sh
# Create the virtual environment named by $1 with Python 3.11 or newer, pip inside.
# Debian splits ensurepip off into python3-venv; without it this says so, or repairs it as root.
set -eu
venv=$1

python=
for candidate in python3.11 python3.12 python3.13 python3; do
	if command -v "$candidate" >/dev/null &&
		"$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
		python=$candidate
		break
	fi
done
if [ -z "$python" ]; then
	echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed" >&2
	exit 1
fi

echo "  · 虚拟环境 · virtual environment ($("$python" --version))"
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
	version=$("$python" -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1]}")')
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends "python$version-venv" >/dev/null
	elif "$python" -m pip --version >/dev/null 2>&1; then
		"$python" -m venv --without-pip "$venv"
		"$python" -m pip --python "$venv/bin/python" install -q pip
		exit 0
	else
		echo "缺少 ensurepip，请运行 / ensurepip is missing, run:" >&2
		echo "    sudo apt-get install python$version-venv" >&2
		exit 1
	fi
fi
"$python" -m venv "$venv"
