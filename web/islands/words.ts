/** The reader's language, taken from the page. */
export const english = (): boolean => document.documentElement.lang.startsWith("en");

/** One of two texts, by the reader's language; for words that only exist while a program runs. */
export const say = (chinese: string, inEnglish: string): string => (english() ? inEnglish : chinese);
