// Draws every figure.chart from the JSON beside it. Without JavaScript the table under each chart is what is seen.
"use strict";
(() => {
  const ink = "#46504b";
  const shades = ["#075e46", "#b9770e", "#5b6f9a", "#a4443a", "#7d8c3b"];
  const family = getComputedStyle(document.documentElement).getPropertyValue("--family");
  document.querySelectorAll("figure.chart").forEach((figure) => {
    const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
    const chart = echarts.init(figure.querySelector(".picture"));
    const lines = data.series || [{ name: "", values: data.values, texts: data.texts || data.values.map(String) }];
    const several = lines.length > 1;
    chart.setOption({
      animation: false,
      aria: { enabled: true },
      textStyle: { fontFamily: family, color: ink },
      grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis",
        formatter: (points) =>
          [points[0].name, ...points.map((p) => `${several ? `${p.marker}${p.seriesName} ` : ""}<b>${lines[p.seriesIndex].texts[p.dataIndex]}</b> ${data.unit}`)].join("<br>"),
      },
      xAxis: {
        type: "category",
        data: data.labels,
        axisLabel: { color: ink, hideOverlap: true, interval: data.kind === "bar" ? 0 : "auto", rotate: data.labels.length > 10 && data.kind === "bar" ? 40 : 0 },
        axisLine: { lineStyle: { color: "#8b8f86" } },
        axisTick: { show: false },
      },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: "#e8e4d9" } } },
      series: lines.map((line, index) => ({
        name: line.name,
        type: data.kind,
        data: line.values,
        color: shades[index % shades.length],
        barMaxWidth: 28,
        showSymbol: false,
        lineStyle: { width: 2, type: index < shades.length ? "solid" : "dashed" },
        areaStyle: data.kind === "line" && !several ? { color: "rgb(7 94 70 / 12%)" } : undefined,
        itemStyle: { borderRadius: [4, 4, 0, 0] },
      })),
    });
    addEventListener("resize", () => chart.resize());
  });
})();
