using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The step of a contraction over samples in lanes, forward and backward:
/// <c>output[rowOut[r] + columnOut[n]] (+)= sum_k W[k, n] input[rowIn[r] + depthIn[k]]</c>, where every element is a block of sixteen
/// samples. Mode permutations live in the offset tables, weights are broadcast scalars. One sum runs over k upwards, so that the bits
/// depend neither on the register width nor on the tile.
/// </summary>
public static unsafe class LaneProduct
{
    /// <summary>Columns that stand side by side in packed weights.</summary>
    internal const int PanelWidth = 4;

    /// <summary>Length of the packed form of a [depth, columns] weight.</summary>
    public static int PackedLength(int depth, int columns) => checked((columns + PanelWidth - 1) / PanelWidth * PanelWidth * depth);

    /// <summary>Packs W [depth, columns] into panels [columns / 4][depth][4], zeros beyond the last column.</summary>
    public static void Pack<T>(MatrixOperand<T> weights, int depth, int columns, Span<T> packed)
        where T : unmanaged
    {
        RequireLength(packed.Length, PackedLength(depth, columns), nameof(packed));
        LanePack.Panels(weights, depth, columns, packed);
    }

    /// <summary>
    /// The forward step, W [depth, columns] packed by <see cref="Pack"/>; with the transposed weight and exchanged tables, the gradient
    /// of the input. Each (row, column) must name an output block of its own.
    /// </summary>
    public static void Multiply<T>(ReadOnlySpan<T> packed, ReadOnlySpan<T> input, ReadOnlySpan<int> rowIn, ReadOnlySpan<int> depthIn,
        Span<T> output, ReadOnlySpan<int> rowOut, ReadOnlySpan<int> columnOut, Accumulation accumulation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        RequireSame(rowIn.Length, rowOut.Length);
        RequireLength(packed.Length, PackedLength(depthIn.Length, columnOut.Length), nameof(packed));
        RequireInside(rowIn, depthIn, input.Length, nameof(input));
        RequireInside(rowOut, columnOut, output.Length, nameof(output));
        var add = accumulation == Accumulation.Add;
        fixed (T* w = packed, x = input, y = output)
        fixed (int* ri = rowIn, ki = depthIn, ro = rowOut, no = columnOut)
        {
            switch (SimdWidth.Bits)
            {
                case 512: LaneProductTiles<Simd512<T>, T>.Multiply(w, x, ri, rowIn.Length, ki, depthIn.Length, y, ro, no, columnOut.Length, add); break;
                case 256: LaneProductTiles<Simd256<T>, T>.Multiply(w, x, ri, rowIn.Length, ki, depthIn.Length, y, ro, no, columnOut.Length, add); break;
                case 128: LaneProductTiles<Simd128<T>, T>.Multiply(w, x, ri, rowIn.Length, ki, depthIn.Length, y, ro, no, columnOut.Length, add); break;
                default: LaneProductTiles<SimdScalar<T>, T>.Multiply(w, x, ri, rowIn.Length, ki, depthIn.Length, y, ro, no, columnOut.Length, add); break;
            }
        }
    }

    /// <summary>
    /// The gradient of the weight, samples still apart:
    /// <c>gradient[k, n, lane] += sum_r input[rowIn[r] + depthIn[k]][lane] outputGradient[rowOut[r] + columnOut[n]][lane]</c>,
    /// r upwards. <see cref="SumLanes"/> ends it.
    /// </summary>
    public static void WeightGradient<T>(ReadOnlySpan<T> input, ReadOnlySpan<int> rowIn, ReadOnlySpan<int> depthIn,
        ReadOnlySpan<T> outputGradient, ReadOnlySpan<int> rowOut, ReadOnlySpan<int> columnOut, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        RequireSame(rowIn.Length, rowOut.Length);
        RequireLength(gradient.Length, checked(depthIn.Length * columnOut.Length * LaneBlock.Width), nameof(gradient));
        RequireInside(rowIn, depthIn, input.Length, nameof(input));
        RequireInside(rowOut, columnOut, outputGradient.Length, nameof(outputGradient));
        fixed (T* x = input, dy = outputGradient, dw = gradient)
        fixed (int* ri = rowIn, ki = depthIn, ro = rowOut, no = columnOut)
        {
            switch (SimdWidth.Bits)
            {
                case 512: LaneGradientTiles<Simd512<T>, T>.Run(x, ri, rowIn.Length, ki, depthIn.Length, dy, ro, no, columnOut.Length, dw); break;
                case 256: LaneGradientTiles<Simd256<T>, T>.Run(x, ri, rowIn.Length, ki, depthIn.Length, dy, ro, no, columnOut.Length, dw); break;
                case 128: LaneGradientTiles<Simd128<T>, T>.Run(x, ri, rowIn.Length, ki, depthIn.Length, dy, ro, no, columnOut.Length, dw); break;
                default: LaneGradientTiles<SimdScalar<T>, T>.Run(x, ri, rowIn.Length, ki, depthIn.Length, dy, ro, no, columnOut.Length, dw); break;
            }
        }
    }

    /// <summary><c>destination[i] = sum over lanes of blocks[i]</c>, as a tree of fixed shape.</summary>
    public static void SumLanes<T>(ReadOnlySpan<T> blocks, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireLength(blocks.Length, checked(destination.Length * LaneBlock.Width), nameof(blocks));
        Span<T> half = stackalloc T[LaneBlock.Width / 2];
        for (var i = 0; i < destination.Length; i++)
        {
            var block = blocks.Slice(i * LaneBlock.Width, LaneBlock.Width);
            for (var lane = 0; lane < 8; lane++) half[lane] = block[lane] + block[lane + 8];
            for (var lane = 0; lane < 4; lane++) half[lane] += half[lane + 4];
            destination[i] = (half[0] + half[2]) + (half[1] + half[3]);
        }
    }

    private static void RequireSame(int rowsIn, int rowsOut)
    {
        if (rowsIn != rowsOut) throw new ArgumentException($"row tables: expected equal lengths, found {rowsIn} and {rowsOut}");
    }

    private static void RequireLength(int found, int expected, string name)
    {
        if (found < expected) throw new ArgumentException($"{name}: expected at least {expected} elements, found {found}");
    }

    private static void RequireInside(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int length, string name)
    {
        if (first.IsEmpty || second.IsEmpty) return;
        var (low, high) = (Smallest(first) + Smallest(second), Largest(first) + Largest(second));
        if (low < 0 || (high + 1L) * LaneBlock.Width > length)
            throw new ArgumentException($"{name}: offset tables reach blocks {low} to {high}, found {length / LaneBlock.Width} blocks");
    }

    private static long Smallest(ReadOnlySpan<int> table) => System.Numerics.Tensors.TensorPrimitives.Min(table);

    private static long Largest(ReadOnlySpan<int> table) => System.Numerics.Tensors.TensorPrimitives.Max(table);
}
