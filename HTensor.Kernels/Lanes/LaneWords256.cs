using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

internal readonly unsafe struct LaneWords256(Vector256<uint> value) : ILaneWords<LaneWords256>
{
    private readonly Vector256<uint> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 Gather(byte** lanes, nint at) =>
        new(Vector256.Create(Vector128.Load((uint*)(lanes[0] + at)), Vector128.Load((uint*)(lanes[4] + at))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 Load(void* source) => new(Vector256.Load((uint*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 ZipLow(LaneWords256 left, LaneWords256 right) => new(ZipLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 ZipHigh(LaneWords256 left, LaneWords256 right) => new(ZipHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 PairLow(LaneWords256 left, LaneWords256 right) => new(PairLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 PairHigh(LaneWords256 left, LaneWords256 right) => new(PairHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords256 ByteToSingle(LaneWords256 words, int index) =>
        new(Vector256.ConvertToSingle((index == 3 ? words._value >>> 24 : (words._value >>> 8 * index) & Vector256.Create(255u)).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled<T>(LaneWords256 singles, T scale, T shift, LaneWords256 low, LaneWords256 high, T* destination)
        where T : unmanaged
    {
        var x = singles._value.AsSingle();
        if (typeof(T) == typeof(float))
        {
            var y = Vector256.FusedMultiplyAdd(x, Vector256.Create(scale).AsSingle(), Vector256.Create(shift).AsSingle());
            (y.AsUInt32() & low._value).Store((uint*)destination);
            return;
        }

        var (a, b) = (Vector256.Create(scale).AsDouble(), Vector256.Create(shift).AsDouble());
        (Vector256.FusedMultiplyAdd(Vector256.WidenLower(x), a, b).AsUInt32() & low._value).Store((uint*)destination);
        (Vector256.FusedMultiplyAdd(Vector256.WidenUpper(x), a, b).AsUInt32() & high._value).Store((uint*)(destination + Count / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> ZipLow(Vector256<uint> left, Vector256<uint> right) =>
        Avx2.IsSupported
            ? Avx2.UnpackLow(left, right)
            : Vector256.Create(
                LaneWords128.ZipLow(left.GetLower(), right.GetLower()), LaneWords128.ZipLow(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> ZipHigh(Vector256<uint> left, Vector256<uint> right) =>
        Avx2.IsSupported
            ? Avx2.UnpackHigh(left, right)
            : Vector256.Create(
                LaneWords128.ZipHigh(left.GetLower(), right.GetLower()), LaneWords128.ZipHigh(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> PairLow(Vector256<uint> left, Vector256<uint> right) =>
        Avx2.IsSupported
            ? Avx2.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32()
            : Vector256.Create(
                LaneWords128.PairLow(left.GetLower(), right.GetLower()), LaneWords128.PairLow(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> PairHigh(Vector256<uint> left, Vector256<uint> right) =>
        Avx2.IsSupported
            ? Avx2.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32()
            : Vector256.Create(
                LaneWords128.PairHigh(left.GetLower(), right.GetLower()), LaneWords128.PairHigh(left.GetUpper(), right.GetUpper()));
}
