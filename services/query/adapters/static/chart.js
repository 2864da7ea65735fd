"use strict";
// Draws a target's chart: actual against pace by period, from the API's verdicts; looking back, as known then beside as
// known now. Words come from data attributes.

(() => {
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const SHAPES = { green: "circle", yellow: "triangle", red: "rect", grey: "emptyCircle" };

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const LIGHTS = { green: "--green", yellow: "--yellow-fill", red: "--red-fill", grey: "--grey" };

  function periodLabel(period, chinese) {
    const [year, rest] = [period.slice(0, 4), period.slice(5)];
    if (!rest) return chinese ? `${year}年` : year;
    if (rest.startsWith("Q")) return chinese ? `${year}年\n${rest[1]}季度` : `${rest}\n${year}`;
    const month = Number(rest.slice(0, 2));
    const joint = rest.endsWith("/P2M");
    if (chinese) return `${joint ? "1—2" : month}月\n${year}`;
    return `${joint ? "Jan–Feb" : MONTHS[month - 1]}\n${year}`;
  }

  async function verdictsOf(source) {
    const found = [];
    for (let cursor = ""; cursor !== null;) {
      const response = await fetch(cursor ? `${source}&cursor=${encodeURIComponent(cursor)}` : source);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const page = await response.json();
      found.push(...page.items);
      cursor = page.next;
    }
    return found.reverse();
  }

  const drawn = (text) => (text === null ? null : Number(text)); // pixels only; the figures shown are the exact texts

  // Every period known now or then, each with both verdicts; a period not judged then has none of then.
  function joined(now, then) {
    const unknown = { actual: null, expected: null, light: "grey" };
    const byPeriod = new Map();
    for (const verdict of then ?? []) byPeriod.set(verdict.period, { ...unknown, period: verdict.period, end: verdict.period_end, then: verdict });
    for (const verdict of now) byPeriod.set(verdict.period, { ...verdict, end: verdict.period_end, then: byPeriod.get(verdict.period)?.then });
    return [...byPeriod.values()].sort((one, other) => one.end.localeCompare(other.end));
  }

  function tooltip(verdicts, words) {
    return (points) => {
      const verdict = verdicts[points[0].dataIndex];
      const line = (label, value) => `${label}  ${value ?? "—"}`;
      const lines = [points[0].axisValueLabel.replace("\n", " "), line(words.nowActual ?? words.actual, verdict.actual)];
      if (words.then) lines.push(line(words.thenActual, verdict.then?.actual));
      return [...lines, line(words.expected, verdict.expected ?? verdict.then?.expected)].join("\n");
    };
  }

  // As known then: hollow diamonds on a gold line, told apart by shape and dash, not by colour alone.
  function thenSeries(verdicts, words) {
    return {
      name: words.thenActual, type: "line", connectNulls: true, showAllSymbol: true, symbol: "emptyDiamond", symbolSize: 12, z: 4,
      lineStyle: { width: 2, type: [6, 3, 2, 3], color: "#a86b00" }, itemStyle: { color: "#a86b00" },
      data: verdicts.map((verdict) => drawn(verdict.then?.actual ?? null)),
    };
  }

  function options(verdicts, words) {
    const chinese = words.language === "zh";
    const soft = color("--ink-soft");
    const text = { color: soft, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    const target = words.value === "" ? [] : [{ yAxis: Number(words.value), label: { formatter: `${words.target} ${words.value}` } }];
    const values = verdicts.flatMap((verdict) => [verdict.actual, verdict.expected, verdict.then?.actual ?? null]).filter((value) => value !== null).map(Number);
    const top = Math.max(...values, words.value === "" ? 0 : Number(words.value));
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      animationDuration: 400,
      textStyle: text,
      aria: { enabled: true },
      grid: { left: 8, right: 16, top: words.then ? 84 : 56, bottom: 8, containLabel: true }, // two histories: two lines of legend
      legend: { top: 0, left: 0, textStyle: text, icon: "roundRect", itemWidth: 18, itemHeight: 3 },
      tooltip: { trigger: "axis", renderMode: "richText", formatter: tooltip(verdicts, words), borderColor: color("--line"), textStyle: { color: color("--ink"), fontSize: 13, lineHeight: 20 } },
      xAxis: { type: "category", data: verdicts.map((verdict) => periodLabel(verdict.period, chinese)), axisLabel: { ...text, hideOverlap: true, lineHeight: 16 }, axisLine: { lineStyle: { color: "#b9c3cf" } }, axisTick: { alignWithLabel: true } },
      yAxis: { type: "value", name: words.unit, max: top > 0 ? (range) => Math.max(range.max, top * 1.06) : null, nameTextStyle: { ...text, align: "left" }, axisLabel: { ...text, showMaxLabel: false }, splitLine: { lineStyle: { color: color("--line-soft") } } },
      series: [
        {
          name: words.expected, type: "line", symbol: "none", connectNulls: true, data: verdicts.map((verdict) => drawn(verdict.expected ?? verdict.then?.expected ?? null)),
          lineStyle: { type: "dashed", width: 1.8, color: "#8593a6" }, itemStyle: { color: "#8593a6" },
        },
        {
          name: words.nowActual ?? words.actual, type: "line", connectNulls: true, showAllSymbol: true, symbolSize: 11, z: 3,
          lineStyle: { width: 2.6, color: color("--accent") }, itemStyle: { color: color("--accent") },
          data: verdicts.map((verdict) => ({ value: drawn(verdict.actual), symbol: SHAPES[verdict.light], itemStyle: { color: color(LIGHTS[verdict.light]), borderColor: "#fff", borderWidth: 1 } })),
          markLine: { silent: true, symbol: "none", data: target, lineStyle: { type: "dotted", color: soft, width: 1.4 }, label: { position: "insideStartTop", color: soft } },
        },
        ...(words.then ? [thenSeries(verdicts, words)] : []),
      ],
    };
  }

  async function draw(element) {
    const words = element.dataset;
    try {
      const [now, then] = await Promise.all([verdictsOf(words.source), words.then ? verdictsOf(words.then) : null]);
      const verdicts = joined(now, then);
      const chart = echarts.init(element, null, { renderer: "canvas" });
      chart.setOption(options(verdicts, words));
      new ResizeObserver(() => chart.resize()).observe(element);
      element.dataset.drawn = "true";
    } catch (error) {
      element.classList.add("chart-failed");
      element.textContent = words.failed;
      throw error;
    }
  }

  document.querySelectorAll("[data-chart]").forEach(draw);
})();
