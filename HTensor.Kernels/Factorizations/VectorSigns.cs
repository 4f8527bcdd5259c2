using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Singular and eigenvectors are known up to their sign: that which makes the entry of largest magnitude, the first of equals, positive.</summary>
internal static unsafe class VectorSigns<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns of vectors [rows, count] get their sign; with them the rows of partners [count, length], if there are any.</summary>
    public static void Fix(int rows, int count, in MatrixView<T> vectors, in MatrixView<T> partners, int length)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var signs = scratch.Take<T>(count);
        Decide(rows, count, vectors, signs);
        Multiply(rows, count, vectors, signs);
        if (partners.Data != null) Multiply(length, count, partners.Transposed, signs);
    }

    private static void Decide(int rows, int count, in MatrixView<T> vectors, T* signs)
    {
        new Span<T>(signs, count).Clear();
        if (vectors.UnitColumns)
        {
            for (nint i = 0; i < rows; i++) Larger(count, vectors.Data + vectors.Row(i), signs);
        }
        else
        {
            for (nint j = 0; j < count; j++)
            {
                var column = vectors.Data + vectors.Column(j);
                for (nint i = 0; i < rows; i++)
                {
                    var value = column[vectors.Row(i)];
                    if (T.Abs(value) > T.Abs(signs[j])) signs[j] = value;
                }
            }
        }

        for (var j = 0; j < count; j++) signs[j] = signs[j] < T.Zero ? -T.One : T.One;
    }

    private static void Larger(int count, T* row, T* largest)
    {
        switch (SimdWidth.Bits)
        {
            case 512: Larger<Simd512<T>>(count, row, largest); break;
            case 256: Larger<Simd256<T>>(count, row, largest); break;
            case 128: Larger<Simd128<T>>(count, row, largest); break;
            default: Larger<SimdScalar<T>>(count, row, largest); break;
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void Larger<V>(int count, T* row, T* largest)
        where V : unmanaged, ISimd<V, T>
    {
        nint j = 0;
        V none = default;
        for (; j + V.Count <= count; j += V.Count)
        {
            V value = V.Load(row + j), old = V.Load(largest + j);
            var less = V.LessThan(V.Greater(old, none - old), V.Greater(value, none - value));
            V.Store(V.Select(less, value, old), largest + j);
        }

        for (; j < count; j++)
        {
            if (T.Abs(row[j]) > T.Abs(largest[j])) largest[j] = row[j];
        }
    }

    /// <summary>Columns times signs.</summary>
    [MethodImpl(Compile.Apart)]
    private static void Multiply(int rows, int count, in MatrixView<T> vectors, T* signs)
    {
        if (vectors.UnitColumns)
        {
            for (nint i = 0; i < rows; i++)
            {
                var row = vectors.Data + vectors.Row(i);
                for (nint j = 0; j < count; j++) row[j] *= signs[j];
            }

            return;
        }

        for (nint j = 0; j < count; j++)
        {
            if (signs[j] > T.Zero) continue;
            var column = vectors.Data + vectors.Column(j);
            for (nint i = 0; i < rows; i++) column[vectors.Row(i)] = -column[vectors.Row(i)];
        }
    }
}
