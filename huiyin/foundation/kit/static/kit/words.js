// The wording of times, the same as times.py: a test compares the two over many moments.

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const WEEKDAYS = "日一二三四五六";
const NEAR = { "-2": "前天", "-1": "昨天", 0: "今天", 1: "明天", 2: "后天" };
const clocks = new Map();

function parts(ms, zone) {
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }));
  }
  const found = {};
  for (const { type, value } of clocks.get(zone).formatToParts(ms)) found[type] = value;
  const [year, month, day] = [+found.year, +found.month, +found.day];
  return { year, month, day, clock: `${found.hour}:${found.minute}`, days: Math.floor(Date.UTC(year, month - 1, day) / DAY) };
}

const weekOf = (days) => Math.floor((days + 3) / 7); // 1970-01-01 was a Thursday; weeks begin on Monday
const weekday = (days) => WEEKDAYS[(days + 4) % 7];

function peopleDate(there, here) {
  const ahead = there.days - here.days;
  if (ahead in NEAR) return NEAR[ahead];
  const weeks = weekOf(there.days) - weekOf(here.days);
  if (ahead > 0 && (weeks === 0 || weeks === 1)) return (weeks ? "下周" : "周") + weekday(there.days);
  const day = `${there.month}月${there.day}日`;
  return there.year === here.year ? day : `${there.year}年${day}`;
}

export function peopleTime(ms, now, zone) {
  const there = parts(ms, zone), here = parts(now, zone), past = now - ms;
  if (past >= 0 && past < HOUR) {
    const minutes = Math.floor(past / MINUTE);
    return minutes ? `${minutes} 分钟前` : "刚刚";
  }
  const days = here.days - there.days;
  if (days >= 3 && days <= 6) return `${days} 天前`;
  const said = peopleDate(there, here);
  return there.year !== here.year && Math.abs(days) > 14 ? said : `${said} ${there.clock}`;
}

const clockOf = (ms, zone) => {
  const [hour, minute] = parts(ms, zone).clock.split(":");
  return { hour, minute, second: Math.floor(ms / 1000) % 60 };
};

export function dueWords(ms, now, zone) {
  const left = ms - now, late = -left;
  if (left < 0) {
    if (late < MINUTE) return { words: "刚刚逾期", tone: "red" };
    if (late < HOUR) return { words: `逾期 ${Math.floor(late / MINUTE)} 分钟`, tone: "red" };
    if (late < DAY) return { words: `逾期 ${Math.floor(late / HOUR)} 小时`, tone: "red" };
    return { words: `逾期 ${Math.floor(late / DAY)} 天`, tone: "red" };
  }
  if (left < MINUTE) return { words: "还剩不到 1 分钟", tone: "amber" };
  if (left < HOUR) return { words: `还剩 ${Math.floor(left / MINUTE)} 分钟`, tone: "amber" };
  if (left < 2 * HOUR) {
    const minutes = Math.floor((left - HOUR) / MINUTE);
    return { words: minutes ? `还剩 1 小时 ${minutes} 分` : "还剩 1 小时", tone: "amber" };
  }
  return { words: deadlineTime(ms, now, zone), tone: "plain" };
}

function deadlineTime(ms, now, zone) {
  const { hour, minute, second } = clockOf(ms, zone);
  if (+hour || +minute || +second || ms % 1000) return peopleTime(ms, now, zone);
  return peopleTime(ms - MINUTE, now, zone).replace(/23:59$/, "24:00");
}
