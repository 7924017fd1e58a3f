/* Draws how long deliveries took and how many there were. The page of the delivery has the same as a table. */
(() => {
  const SECONDS_A_MINUTE = 60;
  const COLORS = ["--blue", "--green", "--orange", "--purple", "--cyan", "--pink", "--brown", "--yellow"];

  const color = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

  function options(waves, categories, axis, series) {
    const text = color("--text-color");
    const line = color("--text-color-secondary");
    return {
      aria: { enabled: true },
      animation: false,
      color: COLORS.map(color),
      textStyle: { color: text, fontFamily: getComputedStyle(document.body).fontFamily },
      // As text, since names come from other systems.
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: { data: waves, top: 0, textStyle: { color: text } },
      grid: { top: 56, left: 8, right: 8, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: categories, axisLabel: { color: line }, axisLine: { lineStyle: { color: line } } },
      yAxis: {
        type: "value",
        minInterval: axis.minInterval,
        name: axis.name,
        nameTextStyle: { color: line, align: "left" },
        axisLabel: { color: line },
        splitLine: { lineStyle: { color: line, opacity: 0.2 } },
      },
      series,
    };
  }

  function draw(element, option) {
    const plot = echarts.init(element);
    plot.setOption(option);
    new ResizeObserver(() => plot.resize()).observe(element);
  }

  function drawTimes(element, numbers) {
    const series = numbers.waves.map((wave) => ({
      name: wave,
      type: "line",
      connectNulls: true,
      data: numbers.builds.map((build) =>
        wave in build.seconds ? Math.round((build.seconds[wave] / SECONDS_A_MINUTE) * 10) / 10 : null,
      ),
    }));
    const names = numbers.builds.map((build) => build.name);
    draw(element, options(numbers.waves, names, { name: element.dataset.unit }, series));
  }

  function drawDays(element, numbers) {
    const series = numbers.waves.map((wave) => ({
      name: wave,
      type: "bar",
      stack: "waves",
      data: numbers.days.map((day) => day.deployments[wave] || 0),
    }));
    // The year is plain: they are the last ones.
    const days = numbers.days.map((day) => day.day.slice("yyyy-".length));
    draw(element, options(numbers.waves, days, { minInterval: 1 }, series));
  }

  async function show(plots) {
    const answer = await fetch(plots.dataset.numbers);
    const numbers = answer.ok ? await answer.json() : { builds: [] };
    if (numbers.builds.length > 0) {
      plots.hidden = false;
      drawTimes(plots.querySelector("[data-plot=times]"), numbers);
      drawDays(plots.querySelector("[data-plot=days]"), numbers);
    }
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".gitops-waves-plots").forEach(show));
})();
