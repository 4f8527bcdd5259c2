using System.Numerics;

namespace HTensor.Autodiff;

/// <summary>Names the parameter where numbers went wrong. For error messages: a plain scan.</summary>
public static class NonFinite
{
    /// <summary>
    /// The first parameter with a NaN or an infinity among <paramref name="values"/>, which are the set's own or a gradient in its order; null if all
    /// are finite.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="values"/> are not as many as the set's.</exception>
    public static Parameter<T>? First<T>(ParameterSet<T> parameters, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (values.Length != parameters.Length)
            throw new ArgumentException($"length of values: expected {parameters.Length}, as many as the parameters, found {values.Length}", nameof(values));
        foreach (var parameter in parameters.Items)
        {
            foreach (var value in values.Slice(parameter.Offset, parameter.Length))
            {
                if (!T.IsFinite(value)) return parameter;
            }
        }

        return null;
    }
}
