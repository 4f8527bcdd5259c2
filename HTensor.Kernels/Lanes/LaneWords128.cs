using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

internal readonly unsafe struct LaneWords128(Vector128<uint> value) : ILaneWords<LaneWords128>
{
    private readonly Vector128<uint> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 Gather(byte** lanes, nint at) => new(Vector128.Load((uint*)(lanes[0] + at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 Load(void* source) => new(Vector128.Load((uint*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 ZipLow(LaneWords128 left, LaneWords128 right) => new(ZipLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 ZipHigh(LaneWords128 left, LaneWords128 right) => new(ZipHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 PairLow(LaneWords128 left, LaneWords128 right) => new(PairLow(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 PairHigh(LaneWords128 left, LaneWords128 right) => new(PairHigh(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneWords128 ByteToSingle(LaneWords128 words, int index) =>
        new(Vector128.ConvertToSingle((index == 3 ? words._value >>> 24 : (words._value >>> 8 * index) & Vector128.Create(255u)).AsInt32()).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled<T>(LaneWords128 singles, T scale, T shift, LaneWords128 low, LaneWords128 high, T* destination)
        where T : unmanaged
    {
        var x = singles._value.AsSingle();
        if (typeof(T) == typeof(float))
        {
            var y = Vector128.FusedMultiplyAdd(x, Vector128.Create(scale).AsSingle(), Vector128.Create(shift).AsSingle());
            (y.AsUInt32() & low._value).Store((uint*)destination);
            return;
        }

        var (a, b) = (Vector128.Create(scale).AsDouble(), Vector128.Create(shift).AsDouble());
        (Vector128.FusedMultiplyAdd(Vector128.WidenLower(x), a, b).AsUInt32() & low._value).Store((uint*)destination);
        (Vector128.FusedMultiplyAdd(Vector128.WidenUpper(x), a, b).AsUInt32() & high._value).Store((uint*)(destination + Count / 2));
    }

    // Without an instruction of its own, a zip is a widening: the left words in the low halves, the right ones in the high halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> ZipLow(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(left, right);
        return (Vector128.WidenLower(left) | (Vector128.WidenLower(right) << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> ZipHigh(Vector128<uint> left, Vector128<uint> right)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(left, right);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(left, right);
        return (Vector128.WidenUpper(left) | (Vector128.WidenUpper(right) << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> PairLow(Vector128<uint> left, Vector128<uint> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32() : Vector128.Create(left.GetLower(), right.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> PairHigh(Vector128<uint> left, Vector128<uint> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32() : Vector128.Create(left.GetUpper(), right.GetUpper());
}
