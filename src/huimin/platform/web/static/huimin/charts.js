// Draws every figure.chart from the JSON beside it. Without JavaScript the table under each chart is what is seen.
"use strict";
(() => {
  const ink = "#46504b";
  const jade = "#075e46";
  const family = getComputedStyle(document.documentElement).getPropertyValue("--family");
  document.querySelectorAll("figure.chart").forEach((figure) => {
    const data = JSON.parse(document.getElementById(figure.dataset.source).textContent);
    const chart = echarts.init(figure.querySelector(".picture"));
    const texts = data.texts || data.values.map(String);
    chart.setOption({
      animation: false,
      aria: { enabled: true },
      textStyle: { fontFamily: family, color: ink },
      grid: { left: 8, right: 12, top: 16, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis",
        formatter: (points) => `${points[0].name}<br><b>${texts[points[0].dataIndex]}</b> ${data.unit}`,
      },
      xAxis: {
        type: "category",
        data: data.labels,
        axisLabel: { color: ink, hideOverlap: true, interval: data.kind === "bar" ? 0 : "auto", rotate: data.labels.length > 10 && data.kind === "bar" ? 40 : 0 },
        axisLine: { lineStyle: { color: "#8b8f86" } },
        axisTick: { show: false },
      },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: "#e8e4d9" } } },
      series: [
        {
          type: data.kind,
          data: data.values,
          color: jade,
          barMaxWidth: 28,
          showSymbol: false,
          lineStyle: { width: 2 },
          areaStyle: data.kind === "line" ? { color: "rgb(7 94 70 / 12%)" } : undefined,
          itemStyle: { borderRadius: [4, 4, 0, 0] },
        },
      ],
    });
    addEventListener("resize", () => chart.resize());
  });
})();
