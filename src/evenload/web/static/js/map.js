/* The map: circles on a plain ground, popups from text only; the list beside it opens them. */
(function () {
  "use strict";

  const ground = document.getElementById("map");
  const written = document.getElementById("spots");
  if (!ground || !written || !window.L) return;
  const spots = JSON.parse(written.textContent);
  if (!spots.length) return;
  ground.hidden = false;

  const map = window.L.map(ground, { attributionControl: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  window.L.control.zoom({ zoomInTitle: ground.dataset.in, zoomOutTitle: ground.dataset.out }).addTo(map);
  window.L.control.scale({ imperial: false }).addTo(map);

  function popup(spot) {
    const box = document.createElement("div");
    const name = document.createElement("b");
    const text = document.createElement("p");
    name.textContent = spot.name;
    text.textContent = spot.text;
    box.append(name, text);
    return box;
  }

  function drawn(spot) {
    const where = [spot.lat, spot.lon];
    if (spot.kind === "area") return window.L.circle(where, { radius: spot.radius_metres, className: "place-area", weight: 1 });
    const size = spot.kind === "base" ? 6 : 9;
    return window.L.circleMarker(where, { radius: size, className: "place-" + spot.kind, weight: spot.kind === "gap" ? 3 : 2, fillOpacity: 1 });
  }

  const marks = new Map();
  spots.forEach(function (spot) {
    const mark = drawn(spot).addTo(map).bindPopup(popup(spot));
    marks.set(spot.kind + " " + spot.name, mark);
  });
  map.fitBounds(window.L.latLngBounds(spots.map(function (spot) { return [spot.lat, spot.lon]; })).pad(0.1), { maxZoom: 14 });

  document.querySelectorAll(".spot").forEach(function (button) {
    button.addEventListener("click", function () {
      const mark = marks.get(button.dataset.kind + " " + button.dataset.name);
      if (!mark) return;
      map.panTo(mark.getLatLng(), { animate: false });
      mark.openPopup();
    });
  });
})();
