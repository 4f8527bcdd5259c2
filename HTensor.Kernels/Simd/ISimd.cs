namespace HTensor.Kernels;

/// <summary>
/// A register of <see cref="Count"/> elements. One kernel body is written over this interface and instantiated for the scalar,
/// 128, 256 and 512 bit wrappers; the wrappers cost nothing after inlining. Every operation is exact or rounds once, so that a
/// body gives the same bits at every width. A mask has all bits set or none in each element.
/// </summary>
internal unsafe interface ISimd<TSelf, T>
    where TSelf : unmanaged, ISimd<TSelf, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TSelf Load(T* source);

    static abstract void Store(TSelf value, T* destination);

    static abstract TSelf Broadcast(T value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Bitwise operations on the elements' bits.</summary>
    static abstract TSelf operator &(TSelf left, TSelf right);

    static abstract TSelf operator |(TSelf left, TSelf right);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>left * right + addend with one rounding, on every machine.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>The same with one element for all of right: an operand in memory, which takes no register.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf left, T* right, TSelf addend);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf LessThan(TSelf left, TSelf right);

    static abstract TSelf Equal(TSelf left, TSelf right);

    /// <summary>left &lt; right in every element.</summary>
    static abstract bool AllLess(TSelf left, TSelf right);

    /// <summary>whenTrue where the mask is set, else whenFalse.</summary>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>left &lt; right ? left : right, so right where either is NaN.</summary>
    static abstract TSelf Lesser(TSelf left, TSelf right);

    /// <summary>left &gt; right ? left : right, so right where either is NaN.</summary>
    static abstract TSelf Greater(TSelf left, TSelf right);

    /// <summary>value 2^exponent with one rounding; exponent an integer, value in [1/2, 2), 2^exponent within the square of the normal range.</summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>Sum of the elements' bits as integers of the element's size, modulo 2^32 or 2^64.</summary>
    static abstract TSelf AddBits(TSelf left, TSelf right);

    static abstract TSelf SubtractBits(TSelf left, TSelf right);

    /// <summary>The elements' bits moved up by as many as the stored fraction has; what was above is lost.</summary>
    static abstract TSelf ShiftToExponent(TSelf value);

    /// <summary>The elements' bits moved down by as many; zeros come in above.</summary>
    static abstract TSelf ShiftFromExponent(TSelf value);
}
