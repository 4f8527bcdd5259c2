namespace HTensor.Cli;

/// <summary>The report's style: one column on a phone, light or dark as the reader's system is, no file from outside.</summary>
internal static class ReportStyle
{
    /// <summary>Colours of curves.</summary>
    public const int Lines = 6;

    public const string Css = """
        :root {
            color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #59636e; --rule: #d0d7de;
            --line-0: #0969da; --line-1: #bc4c00; --line-2: #1a7f37; --line-3: #8250df; --line-4: #bf3989; --line-5: #57606a;
            --tint: 9, 105, 218; --box: #ddf4ff; --right: #1a7f37; --wrong: #cf222e;
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --rule: #3d444d;
                --line-0: #58a6ff; --line-1: #f0883e; --line-2: #3fb950; --line-3: #bc8cff; --line-4: #f778ba; --line-5: #9198a1;
                --tint: 88, 166, 255; --box: #121d2f; --right: #3fb950; --wrong: #ff7b72;
            }
        }
        * { box-sizing: border-box; }
        body {
            margin: 0 auto; padding: 1rem; max-width: 74rem;
            background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
        }
        h1 { font-size: 1.5rem; margin: .5rem 0; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        svg { width: 100%; height: auto; display: block; }
        .charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
        figure { margin: 0; }
        figcaption { color: var(--soft); font-size: .9rem; }
        figcaption span { white-space: nowrap; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid var(--rule); vertical-align: top; }
        th { color: var(--soft); font-weight: 600; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        td.value { overflow-wrap: anywhere; }
        .confusion td, .confusion thead th { text-align: center; min-width: 2.2rem; padding: .3rem; }
        .confusion tbody th { white-space: nowrap; }
        .confusion td { background: rgba(var(--tint), calc(var(--part) * .6)); }
        .network { min-width: 20rem; }
        .network text { text-anchor: middle; font: 12px system-ui, sans-serif; fill: var(--ink); }
        .network .name { font-weight: 600; }
        .network .size { fill: var(--soft); }
        .network .rank { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; fill: var(--line-1); font-weight: 600; }
        .network .bond { stroke: var(--rule); stroke-width: 2; }
        .network .core { fill: var(--box); stroke: var(--line-0); }
        .network .dot { fill: var(--line-1); }
        .spectra { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: end; }
        .spectra svg { max-width: 100%; }
        .spectra .bar { fill: var(--line-0); }
        .clips { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
        .clip { border: 1px solid var(--rule); border-radius: 6px; padding: .5rem; }
        .frames { display: grid; gap: 2px; grid-template-columns: repeat(3, 1fr); }
        .frames.one { grid-template-columns: 1fr; }
        .frames img { width: 100%; display: block; image-rendering: pixelated; }
        .right { color: var(--right); } .wrong { color: var(--wrong); }
        .clip b { color: var(--ink); }
        .bars { width: 100%; } .bars td { padding: .1rem .3rem; border: 0; }
        .bars .part { width: 50%; } .bars .part span { white-space: normal; display: block; height: .6rem; background: var(--line-0); min-width: 1px; }
        @media (max-width: 30rem) { th, td { padding: .3rem; } }
        footer { margin-top: 2rem; color: var(--soft); font-size: .875rem; }
        """;
}
