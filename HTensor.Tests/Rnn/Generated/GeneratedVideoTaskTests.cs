using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>The generated task is fair: no single frame tells the class, and motion does.</summary>
public sealed class GeneratedVideoTaskTests
{
    private const int Train = 1540;
    private const int Test = 704;
    private const double Chance = 1.0 / 11;

    // Four and a half standard deviations of the correct answers of a guesser.
    private static readonly double ChanceBound = 4.5 * Math.Sqrt(Test * Chance * (1 - Chance));

    private static readonly Lazy<(ThumbnailClips Train, ThumbnailClips Test)> Clips = new(() =>
    {
        var (train, test) = GeneratedVideo.Split(seed: 1, Train, Test);
        return (new(train), new(test));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_linear_classifier_on_one_frame_is_at_chance(int frame)
    {
        var (train, test) = Clips.Value;
        var classifier = RidgeClassifier.Fit(train.Frames(frame), train.Labels, classes: 11, penalty: 10);
        var correct = classifier.CountCorrect(test.Frames(frame), test.Labels);
        Assert.InRange(correct, Test * Chance - ChanceBound, Test * Chance + ChanceBound);
    }

    [Fact]
    public void The_same_classifier_sees_a_class_that_one_frame_does_tell()
    {
        // The control of the test above: which half of the frame is brighter is a linear question about one frame.
        var (train, test) = Clips.Value;
        var trainSides = train.Frames(2).Select(BrightSide).ToArray();
        var testSides = test.Frames(2).Select(BrightSide).ToArray();
        var classifier = RidgeClassifier.Fit(train.Frames(2), trainSides, classes: 2, penalty: 10);
        Assert.True(classifier.CountCorrect(test.Frames(2), testSides) > 0.9 * Test);
    }

    [Fact]
    public void The_motion_of_the_first_Fourier_coefficients_tells_the_class()
    {
        var (_, test) = Clips.Value;
        var correct = Enumerable.Range(0, Test).Count(i => MotionByFourierPhase.Classify(test.Clip(i)) == (MotionClass)test.Labels[i]);
        Assert.True(correct > 0.95 * Test, $"{correct} of {Test} clips told by their motion");
    }

    private static int BrightSide(double[] frame)
    {
        var left = 0.0;
        var right = 0.0;
        for (var i = 0; i < frame.Length; i++)
        {
            if (i % ThumbnailClips.Width < ThumbnailClips.Width / 2) left += frame[i];
            else right += frame[i];
        }

        return left > right ? 0 : 1;
    }
}
