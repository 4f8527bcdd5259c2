namespace HTensor.Kernels;

/// <summary>destination[i] = f(source[i]): one body for every width of register and for one element.</summary>
internal interface IUnary<T>
    where T : unmanaged
{
    static abstract V Apply<V>(V x, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>;
}
