namespace AiMixer.Cli.Plots;

/// <summary>
/// The looks of a plot. The plain rules are the light ones, which every renderer knows; those that know media queries
/// go dark with their reader.
/// </summary>
internal static class PlotStyle
{
    public const string Css = """
        text { font-family: 'Inter', 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif; fill: #3d4551 }
        .paper { fill: #ffffff }
        .title { font-size: 22px; font-weight: 600; fill: #14181d }
        .heading { font-size: 15px; font-weight: 600; fill: #14181d }
        .note { font-size: 14px }
        .tick { font-size: 12.5px; fill: #5b6572 }
        .grid { stroke: #e4e8ed; stroke-width: 1 }
        .axis { stroke: #98a2ae; stroke-width: 1 }
        .frame { fill: none; stroke: #c6cdd6; stroke-width: 1 }
        .before-area { fill: #aab2bd }
        .before-core { fill: #7d8794 }
        .before-line { fill: none; stroke: #7d8794; stroke-width: 2.4; stroke-linejoin: round }
        .before-thin { fill: none; stroke: #7d8794; stroke-width: 1; stroke-linejoin: round; opacity: 0.55 }
        .before-mark { stroke: #7d8794; stroke-width: 1.4; stroke-dasharray: 2 4 }
        .before-text { font-size: 13px; font-weight: 600; fill: #667080 }
        .after-area { fill: #8ec1f2 }
        .after-core { fill: #1f77cf }
        .after-line { fill: none; stroke: #1466b8; stroke-width: 2.4; stroke-linejoin: round }
        .after-thin { fill: none; stroke: #1466b8; stroke-width: 1; stroke-linejoin: round; opacity: 0.6 }
        .after-mark { stroke: #1466b8; stroke-width: 1.4; stroke-dasharray: 2 4 }
        .after-text { font-size: 13px; font-weight: 600; fill: #1466b8 }
        .target-mark { stroke: #c2410c; stroke-width: 1.4; stroke-dasharray: 8 4 }
        .target-text { font-size: 13px; font-weight: 600; fill: #c2410c }
        .genre-speech { fill: #e7a23b }
        .genre-rock { fill: #d9614c }
        .genre-jazz { fill: #8f74d1 }
        .genre-electronic { fill: #27a5a0 }
        .genre-classical { fill: #6f9f45 }
        .genre-unknown { fill: #c6cdd6 }
        .genre-silence { fill: none }
        .genre-name { font-size: 13px; font-weight: 600; fill: #14181d }
        @media (prefers-color-scheme: dark) {
        text { fill: #c3cad3 }
        .paper { fill: #12161b }
        .title, .heading { fill: #f1f4f7 }
        .tick { fill: #97a2af }
        .grid { stroke: #262d35 }
        .axis { stroke: #66717e }
        .frame { stroke: #3a434e }
        .before-area { fill: #4a535e }
        .before-core { fill: #87919d }
        .before-line, .before-thin, .before-mark { stroke: #98a2ae }
        .before-text { fill: #a9b3bf }
        .after-area { fill: #1e5a94 }
        .after-core { fill: #5aa9f5 }
        .after-line, .after-thin, .after-mark { stroke: #62b0fa }
        .after-text { fill: #7cbcfb }
        .target-mark { stroke: #ff9a5c }
        .target-text { fill: #ff9a5c }
        .genre-unknown { fill: #4a535e }
        .genre-name { fill: #f1f4f7 }
        }
        """;
}
