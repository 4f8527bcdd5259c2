using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

internal readonly unsafe struct LaneWords512(Vector512<uint> value) : ILaneWords<LaneWords512>
{
    private readonly Vector512<uint> _value = value;

    public static int Count => 16;

    public Vector512<uint> Value => _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 Gather(byte** lanes, nint at) =>
        new(Vector512.Create(
            Vector256.Create(Vector128.Load((uint*)(lanes[0] + at)), Vector128.Load((uint*)(lanes[4] + at))),
            Vector256.Create(Vector128.Load((uint*)(lanes[8] + at)), Vector128.Load((uint*)(lanes[12] + at)))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 Load(void* source) => new(Vector512.Load((uint*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 ZipLow(LaneWords512 left, LaneWords512 right) => new(ZipLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 ZipHigh(LaneWords512 left, LaneWords512 right) => new(ZipHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 PairLow(LaneWords512 left, LaneWords512 right) => new(PairLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 PairHigh(LaneWords512 left, LaneWords512 right) => new(PairHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords512 ByteToSingle(LaneWords512 words, int index) =>
        new(Vector512.ConvertToSingle((index == 3 ? words._value >>> 24 : (words._value >>> 8 * index) & Vector512.Create(255u)).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled<T>(LaneWords512 singles, T scale, T shift, LaneWords512 low, LaneWords512 high, T* destination)
        where T : unmanaged
    {
        var x = singles._value.AsSingle();
        if (typeof(T) == typeof(float))
        {
            var y = Vector512.FusedMultiplyAdd(x, Vector512.Create(scale).AsSingle(), Vector512.Create(shift).AsSingle());
            (y.AsUInt32() & low._value).Store((uint*)destination);
            return;
        }

        var (a, b) = (Vector512.Create(scale).AsDouble(), Vector512.Create(shift).AsDouble());
        (Vector512.FusedMultiplyAdd(Vector512.WidenLower(x), a, b).AsUInt32() & low._value).Store((uint*)destination);
        (Vector512.FusedMultiplyAdd(Vector512.WidenUpper(x), a, b).AsUInt32() & high._value).Store((uint*)(destination + Count / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ZipLow(Vector512<uint> left, Vector512<uint> right) =>
        Avx512F.IsSupported
            ? Avx512F.UnpackLow(left, right)
            : Vector512.Create(
                LaneWords256.ZipLow(left.GetLower(), right.GetLower()), LaneWords256.ZipLow(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ZipHigh(Vector512<uint> left, Vector512<uint> right) =>
        Avx512F.IsSupported
            ? Avx512F.UnpackHigh(left, right)
            : Vector512.Create(
                LaneWords256.ZipHigh(left.GetLower(), right.GetLower()), LaneWords256.ZipHigh(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> PairLow(Vector512<uint> left, Vector512<uint> right) =>
        Avx512F.IsSupported
            ? Avx512F.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32()
            : Vector512.Create(
                LaneWords256.PairLow(left.GetLower(), right.GetLower()), LaneWords256.PairLow(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> PairHigh(Vector512<uint> left, Vector512<uint> right) =>
        Avx512F.IsSupported
            ? Avx512F.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32()
            : Vector512.Create(
                LaneWords256.PairHigh(left.GetLower(), right.GetLower()), LaneWords256.PairHigh(left.GetUpper(), right.GetUpper()));
}
