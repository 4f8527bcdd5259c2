namespace HTensor.Autodiff;

/// <summary>What a tape holds memory for.</summary>
public enum TapePurpose
{
    /// <summary>Values and gradients.</summary>
    Training,

    /// <summary>Values alone.</summary>
    Inference,
}
