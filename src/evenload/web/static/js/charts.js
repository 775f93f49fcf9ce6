/* Draws every chart from its table. Without this file the table stands open and says the same. */
(function () {
  "use strict";

  const NARROW = 480, PAPER_WIDTH = 680, LONG_LABEL = 14, MOST_LABELLED = 12;
  const MARKERS = ["circle", "rect", "triangle", "diamond", "emptyCircle"];
  const DASHES = ["solid", [8, 4], [2, 3], [10, 3, 2, 3], [4, 4]];
  const SLANT = Math.PI / 4;
  const DECALS = [
    { symbol: "none" },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 5], rotation: -SLANT },
    { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 2], symbolSize: 0.7 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: SLANT * 2 },
    { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
  ];
  const drawn = new Map();

  /* A token as this page, or paper, shows it. */
  function colour(figure, token, onPaper) {
    const probe = document.createElement("span");
    probe.className = "chart-probe probe-" + token + (onPaper ? " is-paper" : "");
    figure.append(probe);
    const found = window.getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  function colours(figure, onPaper) {
    const found = { series: [1, 2, 3, 4, 5].map(function (place) { return colour(figure, "series-" + place, onPaper); }) };
    ["ink", "muted", "divider", "surface"].forEach(function (token) { found[token] = colour(figure, token, onPaper); });
    return found;
  }

  function valueOf(cell) {
    return cell.dataset.value === "" ? null : Number(cell.dataset.value);
  }

  /* The table as it stands on the page: what is drawn is what is written. */
  function figuresOf(figure) {
    const table = figure.querySelector("table");
    const names = Array.from(table.tHead.rows[0].cells).slice(1).map(function (cell) { return cell.textContent.trim(); });
    const rows = Array.from(table.tBodies[0].rows).map(function (row) {
      const cells = Array.from(row.cells);
      return {
        label: cells[0].textContent.trim(),
        values: cells.slice(1).map(valueOf),
        texts: cells.slice(1).map(function (cell) { return cell.textContent.trim(); }),
      };
    });
    return { names: names, rows: rows, kind: figure.dataset.chart, unit: figure.dataset.unit, says: figure.querySelector(".chart-says").textContent.trim() };
  }

  function isLying(figures, width) {
    const isOfDays = figures.rows.every(function (row) { return /^\d{4}-\d{2}-\d{2}$/.test(row.label); });
    if (figures.kind === "lines" || isOfDays) return false;
    const longest = Math.max.apply(null, figures.rows.map(function (row) { return row.label.length; }));
    return longest > LONG_LABEL || width / figures.rows.length < 40;
  }

  /* The legend stands above the drawing, in as many lines as its words need: one after the other, as long as there is room. */
  function legendHeight(figures, width) {
    let lines = 1, filled = 0;
    figures.names.forEach(function (name) {
      const needed = 48 + 8 * name.length;
      if (filled && filled + needed > width) {
        lines += 1;
        filled = 0;
      }
      filled += needed;
    });
    return 16 + 26 * lines;
  }

  function heightOf(figures, shape) {
    if (!shape.lying) return (shape.narrow ? 200 : 260) + shape.legend;
    const bars = figures.kind === "bars" ? figures.names.length : 1;
    return 40 + figures.rows.length * (bars * 16 + 14) + shape.legend;
  }

  /* One series of few bars bears its values; of more, table and tooltip tell them. */
  function isLabelled(figures) {
    return figures.kind !== "lines" && figures.names.length === 1 && figures.rows.length <= MOST_LABELLED;
  }

  /* A value below zero is written left of its bar, where the names would stand. */
  function writesLeft(figures) {
    return isLabelled(figures) && figures.rows.some(function (row) { return row.values[0] < 0; });
  }

  function series(figures, shape, ink) {
    return figures.names.map(function (name, place) {
      const values = figures.rows.map(function (row) { return row.values[place]; });
      const own = { name: name, data: values, itemStyle: { color: ink.series[place] }, emphasis: { disabled: true } };
      if (figures.kind === "lines") {
        const line = { type: "line", symbol: MARKERS[place], symbolSize: 8, showAllSymbol: values.length <= 30, connectNulls: false };
        line.lineStyle = { color: ink.series[place], width: 2.5, type: DASHES[place] };
        line.endLabel = { show: !shape.legend, formatter: name, color: ink.ink, fontSize: 14, distance: 8 };
        line.labelLayout = { moveOverlap: "shiftY" };
        return Object.assign(own, line);
      }
      const bar = { type: "bar", barMaxWidth: 36, barGap: "10%", stack: figures.kind === "stack" ? "all" : undefined };
      if (figures.kind === "stack") Object.assign(own.itemStyle, { borderColor: ink.surface, borderWidth: 1 });
      if (isLabelled(figures)) {
        const text = function (at) { return figures.rows[at.dataIndex].texts[0]; };
        bar.label = { show: true, position: "outside", color: ink.ink, fontSize: 13, formatter: text };
      }
      return Object.assign(own, bar);
    });
  }

  function axes(figures, shape, ink) {
    const numbers = new Intl.NumberFormat((document.documentElement.lang || "en") + "-CA", { maximumFractionDigits: 1 });
    const label = { color: ink.muted, fontSize: 12, hideOverlap: true };
    const names = {
      type: "category", data: figures.rows.map(function (row) { return row.label; }), inverse: shape.lying, boundaryGap: figures.kind !== "lines",
      axisLine: { lineStyle: { color: ink.muted } }, axisTick: { show: false },
      axisLabel: Object.assign({}, label, shape.lying ? { color: ink.ink, width: Math.round(shape.width * 0.4), overflow: "break", margin: writesLeft(figures) ? 48 : 8, interval: 0, hideOverlap: false } : {}),
    };
    const amounts = {
      type: "value", splitNumber: shape.narrow ? 3 : 5, splitLine: { lineStyle: { color: ink.divider } },
      axisLabel: Object.assign({}, label, { formatter: function (value) { return numbers.format(value).replace("-", "\u2212"); } }),
    };
    return shape.lying ? { xAxis: amounts, yAxis: names } : { xAxis: names, yAxis: amounts };
  }

  function tooltip(figures, ink, family) {
    const text = function (points) {
      const row = figures.rows[points[0].dataIndex];
      const lines = figures.names.map(function (name, place) { return name + "  " + row.texts[place]; });
      return [row.label + " (" + figures.unit + ")"].concat(lines).join("\n");
    };
    return {
      trigger: "axis", renderMode: "richText", confine: true, transitionDuration: 0, formatter: text,
      axisPointer: { type: figures.kind === "lines" ? "line" : "shadow" },
      backgroundColor: ink.surface, borderColor: ink.muted, textStyle: { color: ink.ink, fontSize: 13, fontFamily: family },
    };
  }

  function endRoom(figures, shape) {
    if (shape.legend || figures.kind !== "lines") return shape.lying && figures.names.length === 1 ? 48 : 12;
    return 16 + 8 * Math.max.apply(null, figures.names.map(function (name) { return name.length; }));
  }

  function option(figure, figures, shape, onPaper) {
    const ink = colours(figure, onPaper);
    const family = window.getComputedStyle(figure).fontFamily;
    const veil = ink.surface.replace("rgb(", "rgba(").replace(")", ", 0.6)");
    const decals = DECALS.map(function (one) { return one.symbol === "none" ? one : Object.assign({ color: veil }, one); });
    return Object.assign({
      animation: false,
      textStyle: { fontFamily: family, color: ink.ink },
      aria: { enabled: true, label: { description: figures.says }, decal: { show: figures.kind !== "lines", decals: decals } },
      grid: { left: 4, right: endRoom(figures, shape), top: shape.legend || (shape.lying ? 4 : 24), bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: { show: shape.legend > 0, left: 0, top: 0, selectedMode: false, itemWidth: 28, textStyle: { color: ink.ink, fontSize: 14 } },
      tooltip: tooltip(figures, ink, family),
      series: series(figures, shape, ink),
    }, axes(figures, shape, ink));
  }

  function draw(figure, onPaper) {
    const place = figure.querySelector(".chart-drawing");
    const figures = figuresOf(figure);
    if (!figures.rows.length) return;
    place.hidden = false;
    const width = onPaper ? PAPER_WIDTH : place.clientWidth;
    if (!width) return;
    const shape = { width: width, narrow: width < NARROW, lying: isLying(figures, width) };
    shape.legend = figures.names.length > 1 && (figures.kind !== "lines" || shape.narrow) ? legendHeight(figures, width) : 0;
    const before = drawn.get(figure);
    if (before) before.chart.dispose();
    const chart = window.echarts.init(place, null, { renderer: "svg", width: width, height: heightOf(figures, shape) });
    chart.setOption(option(figure, figures, shape, onPaper));
    drawn.set(figure, { chart: chart, width: width });
  }

  function drawAll(onPaper) {
    drawn.forEach(function (_, figure) {
      if (figure.isConnected) draw(figure, onPaper);
      else drawn.delete(figure);
    });
  }

  const sizes = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      const figure = entry.target;
      const before = drawn.get(figure);
      const width = figure.querySelector(".chart-drawing").clientWidth;
      if (before && width && before.width !== width && !window.matchMedia("print").matches) draw(figure, false);
    });
  });

  function begin(root) {
    root.querySelectorAll("figure[data-chart]").forEach(function (figure) {
      if (drawn.has(figure)) return;
      draw(figure, false);
      if (!drawn.has(figure)) return;
      figure.querySelector(".chart-table").open = false;
      sizes.observe(figure);
    });
  }

  if (!window.echarts) return;
  begin(document);
  /* In a fold that was closed nothing had a width. */
  document.addEventListener("toggle", function (event) { if (event.target.open) begin(event.target); }, true);
  document.addEventListener("htmx:load", function (event) { begin(event.detail.elt.parentNode || document); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { drawAll(false); });
  new MutationObserver(function () { drawAll(false); }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  window.addEventListener("beforeprint", function () { drawAll(true); });
  window.addEventListener("afterprint", function () { drawAll(false); });
})();
