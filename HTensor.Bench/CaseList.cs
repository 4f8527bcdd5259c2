using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>A case by name; its data is made when it is its turn.</summary>
internal sealed record NamedCase(string Name, Func<BenchCase> Create);

/// <summary>All cases. A new one: a line here, its action and its peers in a file under Cases.</summary>
internal static class CaseList
{
    public static IEnumerable<NamedCase> All(ThreadTeam team, PeerLibraries peers) =>
    [
        .. GemmCases.All(team, peers),
        .. FactorizationCases.All(team, peers),
        .. FunctionCases.All(peers),
        .. CellCases.All(),
        .. LayerCases.All(team),
        .. TrainingCases.All(team),
        .. StreamingCases.All(peers),
        .. TensorCases.All(),
        .. DecompositionCases.All(team, peers),
    ];
}
