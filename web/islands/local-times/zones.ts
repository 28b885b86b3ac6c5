/** A moment on the wall clock of an IANA zone: `day` is 2026-11-23, `text` 09:30. */
export function wallClock(moment: Date, zone: string): { day: string; text: string } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((each) => each.type === type)?.value ?? "";
  return { day: `${part("year")}-${part("month")}-${part("day")}`, text: `${part("hour")}:${part("minute")}` };
}
