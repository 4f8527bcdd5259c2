namespace HTensor.Cli;

/// <summary>The report's style: one column on a phone, light or dark as the reader's system is, no file from outside.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
            color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --soft: #59636e; --rule: #d0d7de;
            --line-0: #0969da; --line-1: #bc4c00; --tint: 9, 105, 218;
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --ground: #0d1117; --ink: #e6edf3; --soft: #9198a1; --rule: #3d444d;
                --line-0: #58a6ff; --line-1: #f0883e; --tint: 88, 166, 255;
            }
        }
        * { box-sizing: border-box; }
        body {
            margin: 0 auto; padding: 1rem; max-width: 60rem;
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
        @media (max-width: 30rem) { th, td { padding: .3rem; } }
        footer { margin-top: 2rem; color: var(--soft); font-size: .875rem; }
        """;
}
