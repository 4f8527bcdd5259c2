using System.Numerics;
using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>
/// Tells a clip's motion with what a linear layer sees: the first Fourier coefficients of brightness along x and y. On a torus their
/// phases are the object's place, so the change of phase is its step; the sum of steps is the direction, their turning the orbit.
/// </summary>
internal static class MotionByFourierPhase
{
    private const double StillBelow = 3;

    public static MotionClass Classify(double[][] frames)
    {
        var places = frames.Select(frame => (X: Coefficient(frame, alongX: true), Y: Coefficient(frame, alongX: false))).ToArray();
        var steps = new Complex[frames.Length - 1];
        for (var t = 0; t < steps.Length; t++)
        {
            var dx = Pixels(places[t].X, places[t + 1].X, GeneratedVideo.Width);
            var dy = Pixels(places[t].Y, places[t + 1].Y, GeneratedVideo.Height);
            steps[t] = new(dx, dy);
        }

        if (steps.Average(step => step.Magnitude) < StillBelow) return MotionClass.Still;

        // The mean angle from one step to the next: a sixth to a fifth of a turn on an orbit, none on a line. Rows grow downwards.
        var turning = steps.Zip(steps.Skip(1), (from, to) => to * Complex.Conjugate(from)).Aggregate(Complex.Add).Phase;
        if (Math.Abs(turning) > Math.Tau / 12) return turning > 0 ? MotionClass.Clockwise : MotionClass.Anticlockwise;
        var direction = (int)Math.Round(steps.Aggregate(Complex.Add).Phase / (Math.Tau / 8));
        return (MotionClass)((direction + 8) % 8);
    }

    private static double Pixels(Complex from, Complex to, int size) => -(to * Complex.Conjugate(from)).Phase * size / Math.Tau;

    private static Complex Coefficient(double[] frame, bool alongX)
    {
        var sum = Complex.Zero;
        for (var i = 0; i < frame.Length; i++)
        {
            var part = alongX ? (double)(i % ThumbnailClips.Width) / ThumbnailClips.Width : (double)(i / ThumbnailClips.Width) / ThumbnailClips.Height;
            sum += frame[i] * Complex.FromPolarCoordinates(1, -Math.Tau * part);
        }

        return sum;
    }
}
