using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// y[m...] = sum over n of x[n...] W[n..., m...] for one sample, W held as cores: products of weights are made and packed once, here; the
/// cores must not change afterwards. There is one sample and no sixteen, so other modes stand in the lanes; see <see cref="SampleRoute"/>.
/// Any number of threads run it at once, each with a <see cref="SampleScratch"/> of its own.
/// </summary>
public sealed class SampleContraction
{
    private readonly SampleStep[] _steps;
    private readonly int[] _output;

    /// <param name="matrix">The weight.</param>
    /// <param name="cores">Values of each core, row-major.</param>
    /// <param name="outputOffsets">For each output mode, where each of its indices moves the output; row-major where null.</param>
    /// <exception cref="ArgumentException">A core or a table has another length than the network says.</exception>
    public SampleContraction(MatrixNetwork matrix, IReadOnlyList<Memory<float>> cores, IReadOnlyList<int[]>? outputOffsets = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(cores);
        if (cores.Count != matrix.Cores.Count) throw new ArgumentException($"cores: expected {matrix.Cores.Count}, found {cores.Count}", nameof(cores));
        if (outputOffsets is not null) LaneGuard.OutputOffsets(matrix.Modes, outputOffsets);
        var route = SampleRoute.Find(matrix);
        var plan = route.Plan;
        var network = plan.Network;
        int Size(int mode) => network.Sizes[mode];
        var carriers = LaneContraction.Carriers(plan);
        var weights = new ContractionExecutor<float>(plan, step => !carriers.ContainsKey(step));
        for (var core = 0; core < cores.Count; core++) weights.Bind(core, cores[core], default);
        weights.Forward(ThreadTeam.Inline);

        var layout = Frame = new SampleLayout([], [.. network.OperandModes(network.Operands.Count - 1).Skip(1)], Size);
        _steps = new SampleStep[carriers.Count];
        foreach (var ((step, node), i) in carriers.Select((carrier, i) => (carrier, i)))
        {
            _steps[i] = new SampleStep(layout, route.Choices[i], [.. plan.Steps[step].Modes], node, weights.Layout(node), weights.Memory(node), Size);
            layout = _steps[i].Result;
        }

        int[] outputs = [.. network.ResultModes.Skip(1)];
        var rows = outputOffsets is null ? Enumerable.Range(0, matrix.Modes.Columns).ToArray() : new ModeLayout(outputs, outputOffsets, matrix.Modes.Columns).Offsets(outputs, Size);
        _output = new int[rows.Length];
        foreach (var (row, offset) in rows.Zip(layout.Offsets(outputs))) _output[row] = offset;
        ScratchLength = _steps.Max(step => Math.Max(Math.Max(step.Source.Length, step.Result.Length), step.Transposition?.Result.Length ?? 0));
    }

    /// <summary>N.</summary>
    public int Inputs => Frame.LaneCount;

    /// <summary>M.</summary>
    public int Outputs => _output.Length;

    internal int ScratchLength { get; }

    internal SampleLayout Frame { get; }

    /// <summary>y + bias from a frame of bytes or floats; value i is scaled by scale[c] x + shift[c], c = i mod channels.</summary>
    /// <exception cref="ArgumentException">A span has another length than the network says.</exception>
    /// <exception cref="NotSupportedException">The frame is neither of bytes nor of floats.</exception>
    public void Multiply<TSource>(ReadOnlySpan<TSource> frame, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, ReadOnlySpan<float> bias, Span<float> output, SampleScratch scratch)
        where TSource : unmanaged
    {
        if (typeof(TSource) != typeof(byte) && typeof(TSource) != typeof(float)) throw new NotSupportedException($"frame: expected bytes or floats, found {typeof(TSource).Name}");
        Require(frame.Length, scale.Length, shift.Length, bias.Length, output.Length, scratch);
        var transposition = _steps[0].Transposition;
        if (transposition is not null && transposition.KeepsChannels(scale.Length))
        {
            transposition.Run(frame, scale, shift, scratch.Next);
        }
        else
        {
            ChannelScaling.Apply(frame, scale, shift, scratch.Next);
            if (transposition is not null)
            {
                scratch.Turn();
                transposition.Run(scratch.Present[..frame.Length], scratch.Next);
            }
        }

        Run(bias, output, scratch);
    }

    private void Run(ReadOnlySpan<float> bias, Span<float> output, SampleScratch scratch)
    {
        scratch.Turn();
        for (var i = 0; i < _steps.Length; i++)
        {
            if (i > 0 && _steps[i].Transposition is { } transposition)
            {
                transposition.Run(scratch.Present, scratch.Next);
                scratch.Turn();
            }

            _steps[i].Multiply(scratch.Present, scratch.Next);
            scratch.Turn();
        }

        var result = scratch.Present;
        for (var m = 0; m < output.Length; m++) output[m] = result[_output[m]] + bias[m];
    }

    private void Require(int frame, int scale, int shift, int bias, int output, SampleScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        RequireLength("frame", Inputs, frame);
        RequireLength("bias", Outputs, bias);
        RequireLength("output", Outputs, output);
        if (scale == 0 || shift != scale) throw new ArgumentException($"scale and shift: expected as many of both, one or more, found {scale} and {shift}");
        if (scratch.Next.Length < ScratchLength) throw new ArgumentException($"scratch: expected one of this contraction, {ScratchLength} elements, found {scratch.Next.Length}", nameof(scratch));
    }

    private static void RequireLength(string what, int expected, int found)
    {
        if (found != expected) throw new ArgumentException($"{what}: expected {expected} values, found {found}");
    }
}
