namespace HTensor.Rnn;

/// <summary>Labelled sequences with the names of their classes and their split into training, validation and test samples.</summary>
public sealed class SequenceData
{
    private SequenceData(ISequenceSource source, string[] classNames, int[]? groups, int[] train, int[] validation, int[] test)
    {
        Groups = groups;
        Source = source;
        ClassNames = classNames;
        TrainIndices = train;
        ValidationIndices = validation;
        TestIndices = test;
    }

    public ISequenceSource Source { get; }

    /// <summary>Name of each class; a label is an index into it.</summary>
    public string[] ClassNames { get; }

    /// <summary>Group of each sample, such as its speaker, which a new split keeps on one side; null where every sample stands alone.</summary>
    public int[]? Groups { get; }

    /// <summary>Samples to train on, ascending.</summary>
    public int[] TrainIndices { get; }

    /// <summary>Samples to choose a model by; empty where the data has no such split.</summary>
    public int[] ValidationIndices { get; }

    /// <summary>Samples to judge a model by.</summary>
    public int[] TestIndices { get; }

    /// <summary>The samples to train on.</summary>
    public SequenceSet Train => new(Source, TrainIndices);

    /// <summary>The samples to choose a model by.</summary>
    public SequenceSet Validation => new(Source, ValidationIndices);

    /// <summary>The samples to judge a model by.</summary>
    public SequenceSet Test => new(Source, TestIndices);

    /// <summary>Shape of one frame, for example [120, 160, 3].</summary>
    public IReadOnlyList<int> FrameShape => Source.FrameShape;

    /// <summary>Number of values in a frame.</summary>
    public int FrameSize => SequenceExtent.FrameSizeOf(Source.FrameShape);

    /// <summary>
    /// Reads an npz file, or a folder of npy files of these names: <c>x</c> [N, T, ...] (uint8, float32, or float64, which becomes float32), <c>y</c> [N] integer labels from 0,
    /// <c>split</c> [N] integers (0 train, 1 test; or 0 train, 1 validation, 2 test where a 2 is among them), and, if wanted, <c>lengths</c> [N]
    /// integers from 1 to T (else T), <c>class_names</c> [C] strings (else "0", "1", ...) and <c>group</c> [N] integers or strings. Other keys are ignored. Bytes stay bytes; values
    /// beyond a sample's length are read as zeros, whatever the file holds there.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="storage">Where its frames are while they are worked with.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, key, expected and found.</exception>
    public static SequenceData Load(string path, FrameStorage storage = FrameStorage.Memory) => SequenceFile.Load(path, storage);

    /// <summary>
    /// Reads a CSV file with a header. Column <c>class</c>: a name. Column <c>sequence</c>: rows of one name are the steps of one sequence, and
    /// every column of another name is a value of a frame; without it each row is a sequence of one value a step, which may end with empty
    /// cells. Columns <c>split</c> (train, validation or test) and <c>group</c> where they are wanted; without a split a fifth of each class is the test.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Chooses the test samples where the file does not.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, line, column, expected and found.</exception>
    public static SequenceData LoadCsv(string path, ulong seed = 1) => CsvFile.Load(path, seed);

    /// <summary>
    /// Reads the sequences of such a file alone: <c>x</c> and, where there are any, <c>lengths</c>. Labels and split are not looked at; every
    /// label is 0.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="storage">Where its frames are while they are worked with.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no sequences; the message names file, key, expected and found.</exception>
    public static ISequenceSource LoadSource(string path, FrameStorage storage = FrameStorage.Memory) => SequenceFile.LoadSource(path, storage);

    /// <summary>Reads an npz file as <see cref="Load"/> does, but that <c>y</c> [N] or [N, K] is float32 or float64: numbers to predict of each sample.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, key, expected and found.</exception>
    public static SequenceData LoadNumbers(string path) => SequenceFile.LoadNumbers(path);

    /// <summary>
    /// Reads an npz file of pieces whose next frame is to be predicted: <c>x</c> [sum of lengths, values] uint8 of 0 and 1, the pieces one after another,
    /// <c>lengths</c> [pieces] integers from 2, <c>split</c> [pieces] as in <see cref="Load"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="window">Predictions of the windows into which training pieces are cut; null: they stay whole. Validation and test pieces always do.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, key, expected and found.</exception>
    public static SequenceData LoadNotes(string path, int? window = null) => StepFile.LoadNotes(path, window);

    /// <summary>
    /// Reads an npz file of symbols of which the next is to be predicted: <c>x</c> [symbols] uint8, each an index into <c>vocab</c>, which is strings [different symbols]
    /// or one string a character each, and <c>split_ends</c> [3], the ends of the training, validation and test part. They are cut into windows of
    /// <paramref name="steps"/> predictions; those of validation and test overlap by half, so that every symbol but the first ones is predicted from as many before it.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, key, expected and found.</exception>
    public static SequenceData LoadSymbols(string path, int steps) => StepFile.LoadSymbols(path, steps);

    /// <summary>
    /// Reads such a file for <see cref="TrainingOptions.Truncation"/>: the training part is cut into so many streams, one a lane of the batch;
    /// validation and test into 32 that begin <paramref name="context"/> symbols early, the first apart, so that their states are warm where predictions count.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such data; the message names file, key, expected and found.</exception>
    public static SequenceData LoadSymbolStreams(string path, int streams, int context) => StepFile.LoadStreams(path, streams, context);

    /// <summary>Data of a program's own.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="classNames">Names of the classes, two or more, each different.</param>
    /// <param name="train">Samples to train on, at least one.</param>
    /// <param name="test">Samples to judge by; may be empty.</param>
    /// <param name="validation">Samples to choose a model by, if any.</param>
    /// <param name="groups">Group of each sample of the source, if there are any.</param>
    /// <exception cref="ArgumentException">An index is out of range or in two splits, a label has no name, or names are too few or repeated.</exception>
    public static SequenceData Create(
        ISequenceSource source, IReadOnlyList<string> classNames, IReadOnlyList<int> train, IReadOnlyList<int> test,
        IReadOnlyList<int>? validation = null, IReadOnlyList<int>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (FirstFault(classNames) is { } fault) throw new ArgumentException($"class names: {fault}", nameof(classNames));
        if (train.Count == 0) throw new ArgumentException("training samples: expected one or more, found none", nameof(train));
        for (var i = 0; i < source.Count; i++)
        {
            if ((uint)source.Label(i) >= (uint)classNames.Count)
                throw new ArgumentException($"label of sample {i}: expected 0 to {classNames.Count - 1}, found {source.Label(i)}", nameof(source));
        }

        if (groups is not null && groups.Count != source.Count)
            throw new ArgumentException($"groups: expected one a sample, {source.Count}, found {groups.Count}", nameof(groups));
        var taken = new bool[source.Count];
        return new SequenceData(source, [.. classNames], groups is null ? null : [.. groups], Take(train, taken), Take(validation ?? [], taken), Take(test, taken));
    }

    /// <summary>The same samples read through another source, such as a <see cref="ResizedSource"/>.</summary>
    /// <exception cref="ArgumentException">The other source has another number of samples or other labels.</exception>
    public SequenceData WithSource(ISequenceSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Count != Source.Count)
            throw new ArgumentException($"source: expected {Source.Count} samples, found {source.Count}", nameof(source));
        for (var i = 0; i < source.Count; i++)
        {
            if (source.Label(i) != Source.Label(i))
                throw new ArgumentException($"label of sample {i}: expected {Source.Label(i)}, found {source.Label(i)}", nameof(source));
        }

        return new SequenceData(source, ClassNames, Groups, TrainIndices, ValidationIndices, TestIndices);
    }

    /// <summary>
    /// Moves a part of the training samples into the validation split: of each class the same part, rounded to the nearest, chosen by
    /// <paramref name="seed"/>, and never a class's last training sample. Of samples in groups whole groups, chosen so that the part of
    /// each class comes near.
    /// </summary>
    /// <param name="fraction">The part, above 0 and below 1.</param>
    /// <param name="seed">The same seed chooses the same samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and below 1.</exception>
    /// <exception cref="ArgumentException">The fraction leaves no sample to validate on.</exception>
    /// <exception cref="InvalidOperationException">There is a validation split already.</exception>
    public SequenceData SplitValidation(double fraction, ulong seed)
    {
        if (ValidationIndices.Length > 0)
            throw new InvalidOperationException($"validation split: expected none yet, found {ValidationIndices.Length} samples");
        var (train, validation) = Cut(TrainIndices, fraction, seed);
        return new SequenceData(Source, ClassNames, Groups, train, validation, TestIndices);
    }

    /// <summary>Data that names no class; the reader has checked the splits.</summary>
    internal static SequenceData Unlabelled(ISequenceSource source, string[] names, int[] train, int[] validation, int[] test) => new(source, names, null, train, validation, test);

    /// <summary>Moves a part of the training samples into the test split, as <see cref="SplitValidation"/> does.</summary>
    /// <param name="fraction">The part, above 0 and below 1.</param>
    /// <param name="seed">The same seed chooses the same samples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not above 0 and below 1.</exception>
    /// <exception cref="ArgumentException">The fraction leaves no sample to test on.</exception>
    /// <exception cref="InvalidOperationException">There is a test split already.</exception>
    public SequenceData SplitTest(double fraction, ulong seed)
    {
        if (TestIndices.Length > 0) throw new InvalidOperationException($"test split: expected none yet, found {TestIndices.Length} samples");
        var (train, test) = Cut(TrainIndices, fraction, seed);
        return new SequenceData(Source, ClassNames, Groups, train, ValidationIndices, test);
    }

    private (int[] Kept, int[] Part) Cut(int[] samples, double fraction, ulong seed) => Groups is null
        ? StratifiedSplit.Cut(samples, Source, ClassNames.Length, fraction, seed)
        : GroupSplit.Cut(samples, Groups, Source, ClassNames.Length, fraction, seed);

    /// <summary>What is wrong with names of classes, or null.</summary>
    internal static string? FirstFault(IReadOnlyList<string> classNames)
    {
        if (classNames.Count < 2) return $"expected two classes or more, found {classNames.Count}";
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < classNames.Count; i++)
        {
            if (string.IsNullOrEmpty(classNames[i])) return $"expected a name for class {i}, found an empty one";
            if (!seen.TryAdd(classNames[i], i)) return $"expected different names, found the same for classes {seen[classNames[i]]} and {i}";
        }

        return null;
    }

    private static int[] Take(IReadOnlyList<int> samples, bool[] taken)
    {
        foreach (var sample in samples)
        {
            if ((uint)sample >= (uint)taken.Length)
                throw new ArgumentException($"split: expected samples 0 to {taken.Length - 1}, found {sample}", nameof(samples));
            if (taken[sample]) throw new ArgumentException($"split: expected each sample once, found {sample} twice", nameof(samples));
            taken[sample] = true;
        }

        int[] sorted = [.. samples];
        Array.Sort(sorted);
        return sorted;
    }
}
