// The colors and the font of all pages for browsers: those that links in mails lead to, and the console, whose build includes them
// (console/build.ts).

/** CSS: variables, light and dark. */
export const palette = `:root {
  color-scheme: light dark;
  --background: #f6f7f9;
  --surface: #ffffff;
  --border: #d9dde4;
  --input-border: #7c8594;
  --text: #1b1f27;
  --muted: #565e6c;
  --accent: #2456c7;
  --on-accent: #ffffff;
  --accent-background: #e8eefb;
  --good: #17663a;
  --good-background: #e3f3e9;
  --warn: #7a4a00;
  --warn-background: #fdf0d9;
  --bad: #a8202a;
  --bad-background: #fdecec;
  --radius: 8px;
  font: 16px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}

@media (prefers-color-scheme: dark) {
  :root {
    --background: #14171c;
    --surface: #1c2027;
    --border: #343a45;
    --input-border: #7f8999;
    --text: #e6e9ef;
    --muted: #a6aebc;
    --accent: #93b4ff;
    --on-accent: #10182b;
    --accent-background: #232e48;
    --good: #7fd6a2;
    --good-background: #1a3325;
    --warn: #f0c070;
    --warn-background: #3a2d14;
    --bad: #ff9c9c;
    --bad-background: #411f22;
  }
}
`;
