using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Functions of one number with the same bits on every machine, for schedules and random numbers; <c>Math</c> calls the C library, which
/// differs. <see cref="Exp"/> and <see cref="Log"/> have the bits of <see cref="Functions"/>.
/// </summary>
public static class ScalarFunctions
{
    /// <summary>e^x, within 2 ulp.</summary>
    public static T Exp<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Apply<ExpBody<T>, T>(x);

    /// <summary>ln x, within 2 ulp.</summary>
    public static T Log<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Apply<LogBody<T>, T>(x);

    /// <summary>tanh x, within 4 ulp.</summary>
    public static T Tanh<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Apply<TanhBody<T>, T>(x);

    /// <summary>1 / (1 + e^-x), within 4 ulp.</summary>
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Apply<SigmoidBody<T>, T>(x);

    /// <summary>sin x, x in radians, within 1 ulp for every x.</summary>
    public static T Sin<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        return T.CreateTruncating(Trigonometry.Sin(double.CreateTruncating(x)));
    }

    /// <summary>cos x, x in radians, within 1 ulp for every x.</summary>
    public static T Cos<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        return T.CreateTruncating(Trigonometry.Cos(double.CreateTruncating(x)));
    }

    private static T Apply<TOperation, T>(T x)
        where TOperation : IUnary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        return TOperation.Apply(SimdScalar<T>.Broadcast(x), new FunctionConstants<SimdScalar<T>, T>(default)).Value;
    }
}
