using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>The verbs that both forms have, so that one test serves both.</summary>
internal interface ITensorForm<TX, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    static abstract TX Random(int[] sizes, Philox random);

    /// <summary>A tensor of other ranks with the same tree.</summary>
    static abstract TX Like(TX x, int[] sizes, Philox random);

    /// <summary>All entries by loops, from the definition; with absolute values of all numbers, a bound on what is summed.</summary>
    static abstract DenseTensor Expected(TX x, Func<double, double> number);

    static abstract TX Add(TX x, TX y);

    static abstract TX Subtract(TX x, TX y);

    static abstract TX Sum(params IReadOnlyList<TX> terms);

    static abstract TX Scale(TX x, T factor);

    static abstract TX Multiply(TX x, TX y);

    static abstract TX Concatenate(TX x, TX y, int mode);

    static abstract double Inner(TX x, TX y);

    static abstract T[] Mttkrp(TX x, IReadOnlyList<T[]> factors, int columns, int mode);

    static abstract TX MultiplyMode(TX x, int mode, T[] matrix, int rows);

    static abstract TX ContractModes(TX x, int[] modes, IReadOnlyList<T[]> vectors);

    static abstract TX SumOverModes(TX x, int[] modes);

    static abstract TX MeanOverModes(TX x, int[] modes);

    static abstract TX MultiplyModes(TX x, int[] modes, IReadOnlyList<T[]> matrices);

    static abstract ScaledNumber SumOfEntries(TX x);

    static abstract ScaledNumber MeanOfEntries(TX x);

    static abstract TX Squeeze(TX x);

    static abstract TX Slice(TX x, Range[] ranges);

    static abstract TX Select(TX x, int mode, int[] indices);

    static abstract TX Fix(TX x, int mode, int index);

    static abstract T Entry(TX x, int[] indices);

    static abstract T[] Entries(TX x, int[] indices);

    static abstract T[] ToArray(TX x);
}
