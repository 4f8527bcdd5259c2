using System.Globalization;
using System.Text;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The singular values across each bond: how much of its rank a node uses.</summary>
internal static class SpectrumSection
{
    private const int BarWidth = 12;
    private const int Height = 60;

    public static void Write(StringBuilder html, IReadOnlyList<InputSpectrum> spectra)
    {
        HtmlReport.Heading(html, "Singular values");
        html.AppendLine("<p>Of the input matrix unfolded at each bond, in parts of the bond's largest; a bond whose last bars are short could do with a lower rank.</p>");
        html.AppendLine("<div class=\"spectra\">");
        foreach (var spectrum in spectra) Bars(html, spectrum);
        html.AppendLine("</div>");
    }

    private static void Bars(StringBuilder html, InputSpectrum spectrum)
    {
        var largest = Math.Max(spectrum.Values[0], double.Epsilon);
        var width = spectrum.Values.Count * BarWidth;
        var name = $"modes {Words.List(spectrum.Modes)}";
        html.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"0 0 {width} {Height}\" style=\"width:{width}px\" role=\"img\" aria-label=\"singular values, {name}\">");
        for (var i = 0; i < spectrum.Values.Count; i++)
        {
            var height = Math.Max(1, spectrum.Values[i] / largest * Height);
            html.Append(CultureInfo.InvariantCulture, $"<rect class=\"bar\" x=\"{i * BarWidth + 1}\" y=\"{Height - height:0.##}\" width=\"{BarWidth - 2}\" height=\"{height:0.##}\"><title>{spectrum.Values[i]:G4}</title></rect>");
        }

        html.AppendLine(CultureInfo.InvariantCulture, $"</svg><figcaption>{name}<br>{spectrum.Values[0]:G3} to {spectrum.Values[^1]:G3}</figcaption></figure>");
    }
}
