#include "reports/html_sections.hpp"

namespace report {
const char* page_script() {
  return R"js('use strict';
(() => {
  const data = JSON.parse(document.getElementById('run-data').textContent);
  const strips = [...document.querySelectorAll('svg.strip')];
  const clock = document.createElement('div');
  clock.id = 'clock';
  clock.hidden = true;
  document.body.append(clock);

  const localText = second => {
    let offset = 0;
    for (const [from, value] of data.offsets) if (second >= from) offset = value;
    return new Date((data.from + second + offset) * 1000).toISOString().slice(0, 16).replace('T', ' ');
  };
  // The last point at or before the second: what held then.
  const valueAt = (series, second) => {
    let low = 0, high = series.t.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (series.t[middle] <= second) low = middle + 1; else high = middle;
    }
    return low > 0 ? series.v[low - 1] : null;
  };
  const show = (x, event) => {
    const second = (x - data.left) / (data.right - data.left) * data.span;
    for (const line of document.querySelectorAll('line.cursor')) {
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
    clock.textContent = localText(second);
    clock.style.left = event.clientX + 'px';
    clock.style.top = event.clientY + 'px';
    clock.hidden = false;
    document.body.classList.add('pointed');
    for (const legend of document.querySelectorAll('.legend')) {
      const all = data.series[legend.dataset.strip] || [];
      legend.querySelectorAll('b').forEach((b, k) => {
        const value = all[k] ? valueAt(all[k], second) : null;
        b.textContent = value === null ? '' : value.toFixed(2);
      });
    }
  };
  const hide = () => {
    document.body.classList.remove('pointed');
    clock.hidden = true;
    document.querySelectorAll('.legend b').forEach(b => { b.textContent = ''; });
  };
  for (const strip of strips) {
    strip.addEventListener('mousemove', event => {
      const box = strip.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * data.width;
      if (x < data.left || x > data.right) hide(); else show(x, event);
    });
    strip.addEventListener('mouseleave', hide);
  }

  // A link to a meter, a check or an event opens the fold that it lies in.
  const reveal = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    target.scrollIntoView({ block: 'center' });
  };
  addEventListener('hashchange', reveal);
  reveal();

  const replay = document.getElementById('replay');
  if (replay && navigator.clipboard) {
    const button = document.createElement('button');
    button.textContent = 'copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(replay.textContent);
      button.textContent = 'copied';
    });
    replay.after(button);
  }
})();
)js";
}
}  // namespace report
