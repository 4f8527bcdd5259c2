namespace HTensor.Autodiff;

/// <summary>Whether a tape computes the gradient of what the caller gives it.</summary>
public enum InputGradients
{
    None,
    Computed,
}
