using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Singular and eigenvectors are known up to their sign: that which makes the entry of largest magnitude, the first of equals, positive.</summary>
internal static unsafe class VectorSigns<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns of vectors [rows, count] get their sign; with them the rows of partners [count, length], if there are any.</summary>
    public static void Fix(int rows, int count, in MatrixView<T> vectors, in MatrixView<T> partners, int length)
    {
        for (nint j = 0; j < count; j++)
        {
            var column = vectors.Data + vectors.Column(j);
            var largest = T.Zero;
            for (nint i = 0; i < rows; i++)
            {
                var value = column[vectors.Row(i)];
                if (T.Abs(value) > T.Abs(largest)) largest = value;
            }

            if (largest >= T.Zero) continue;
            for (nint i = 0; i < rows; i++) column[vectors.Row(i)] = -column[vectors.Row(i)];
            if (partners.Data == null) continue;
            var row = partners.Data + partners.Row(j);
            for (nint i = 0; i < length; i++) row[partners.Column(i)] = -row[partners.Column(i)];
        }
    }
}
