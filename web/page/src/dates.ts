import { texts } from "./texts.js";

function formats(locale: string | undefined) {
  return {
    time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: "long" }),
    short: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }),
    long: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    whole: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }),
  };
}

let { time, weekday, short, long, whole } = formats(undefined);

/** Writes times as they are written there; a locale that is none changes nothing. */
export function writeTimesAs(locale: string): void {
  try {
    ({ time, weekday, short, long, whole } = formats(locale));
  } catch {
    // The browser's own, then.
  }
}

const DAY_MS = 86_400_000;

/** The local day of a moment, as a number that grows by one each day. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

export function timeOf(at: number): string {
  return time.format(at);
}

export function momentOf(at: number): string {
  return whole.format(at);
}

/** A day as it stands between messages. */
export function dayName(at: number, now: number): string {
  const days = dayOf(now) - dayOf(at);
  if (days === 0) {
    return texts.time.today;
  }
  return days === 1 ? texts.time.yesterday : long.format(at);
}

/** How long something takes yet. */
export function leftText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60)];
  return hours > 0 ? texts.time.hours(hours, minutes % 60) : minutes > 0 ? texts.time.minutes(minutes, seconds % 60) : texts.time.seconds(seconds);
}

/** A moment as briefly as it is clear, for lists. */
export function briefly(at: number, now: number): string {
  const days = dayOf(now) - dayOf(at);
  if (days <= 0) {
    return timeOf(at);
  }
  if (days === 1) {
    return texts.time.yesterday;
  }
  return days < 7 ? weekday.format(at) : short.format(at);
}
