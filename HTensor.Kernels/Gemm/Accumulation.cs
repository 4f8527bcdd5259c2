namespace HTensor.Kernels;

/// <summary>What a product does with the destination's old values.</summary>
public enum Accumulation
{
    /// <summary>destination = product; old values are not read, not even NaN.</summary>
    Overwrite,

    /// <summary>destination = destination + product.</summary>
    Add,
}
