namespace HTensor.Cli;

/// <summary>Stored numbers of a part, beside those of the same part held densely, if that is another number.</summary>
internal sealed record ParameterRow(string Part, long Parameters, long? DenseParameters)
{
    public double? Ratio => (double?)DenseParameters / Parameters;
}
