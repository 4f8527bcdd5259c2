using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A weight matrix made dense from its cores, [rows, M]: the first rows of W, columns where the output offsets put them. The inputs are the
/// cores, in their order. For matrices that are small beside what multiplies by them, as a recurrent one, which every step does.
/// </summary>
public sealed class MatrixOfCores<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixNetwork _matrix;
    private readonly ContractionExecutor<T> _executor;
    private readonly int[] _columns;
    private readonly int _rows;

    /// <param name="name">Name for reports.</param>
    /// <param name="matrix">The cores and how they are joined.</param>
    /// <param name="rows">Rows that are kept, 1 to N.</param>
    /// <param name="outputOffsets">For each output mode, where each of its indices moves the column; row-major where null.</param>
    /// <exception cref="ArgumentException">The offsets do not fit the output modes.</exception>
    public MatrixOfCores(string name, MatrixNetwork matrix, int rows, IReadOnlyList<int[]>? outputOffsets = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, matrix.Modes.Rows);
        (Name, _matrix, _rows) = (name, matrix, rows);
        _executor = new ContractionExecutor<T>(ContractionPlanner.Plan(matrix.Matrix, PlanObjective.Time));
        _columns = Columns(matrix.Modes, outputOffsets);
    }

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, _matrix.Cores.Count, inputs.Count);
        for (var core = 0; core < inputs.Count; core++) OperationShape.Require(Name, _matrix.Cores[core].Name, _matrix.CoreShape(core), inputs[core]);
        return [_rows, _matrix.Modes.Columns];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var core = 0; core < _matrix.Cores.Count; core++) _executor.Bind(core, call.Inputs[core].Value, default);
        _executor.Forward(call.Team);
        var matrix = _executor.Value(_executor.ResultNode);
        var output = call.Output;
        for (var first = 0; first < output.Length; first += _columns.Length)
        {
            for (var column = 0; column < _columns.Length; column++) output[first + _columns[column]] = matrix[first + column];
        }
    }

    /// <summary>The gradient of W, 0 in the rows that are not kept, on to the cores through the contraction's adjoint.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var core = 0; core < _matrix.Cores.Count; core++) _executor.Bind(core, call.Inputs[core].Value, call.InputGradient(core));
        var gradient = _executor.Gradient(_executor.ResultNode);
        var outputGradient = call.OutputGradient;
        // One core without a gradient is the matrix itself.
        if (gradient.IsEmpty) return;
        for (var first = 0; first < outputGradient.Length; first += _columns.Length)
        {
            for (var column = 0; column < _columns.Length; column++) gradient[first + column] = outputGradient[first + _columns[column]];
        }

        gradient[outputGradient.Length..].Clear();
        _executor.Backward(call.Team);
    }

    /// <summary>Where each column of the row-major matrix goes.</summary>
    private static int[] Columns(MatrixModes modes, IReadOnlyList<int[]>? offsets)
    {
        if (offsets is null) return [.. Enumerable.Range(0, modes.Columns)];
        if (!offsets.Select(table => table.Length).SequenceEqual(modes.Outputs))
            throw new ArgumentException($"output offsets: expected tables of {MatrixModes.Text(modes.Outputs)}, found {MatrixModes.Text(offsets.Select(table => table.Length))}", nameof(offsets));
        int[] columns = [0];
        foreach (var table in offsets) columns = [.. columns.SelectMany(column => table.Select(offset => column + offset))];
        return columns;
    }
}
