using Cqrs.Routing.Providers;

namespace Cqrs.Routing.Positions;

/// <summary>
/// Reads a primary's position on a separate connection from the primary's pool, because the context that wrote may already be disposed or reused. Two readers that read
/// the same primary in the same way are equal. Thread safe.
/// </summary>
internal sealed class PrimaryPositionReader(IPositionSource source, Endpoint endpoint, SideConnection connect) : IEquatable<PrimaryPositionReader>
{
    private readonly IPositionSource _source = source;

    /// <summary>Gets the key that distinguishes primaries: server and database.</summary>
    public Endpoint Key { get; } = endpoint;

    public bool ReadsPositions => _source is not NoPositions;

    public ValueTask<PositionResult> ReadAsync(bool async, CancellationToken cancellationToken) =>
        PositionQuery.ReadAsync(_source, _source.PrimaryCommandText, connect, async, cancellationToken);

    public bool Equals(PrimaryPositionReader? other) =>
        other is not null && Key == other.Key && AsksTheSame(other._source);

    public override bool Equals(object? obj) => Equals(obj as PrimaryPositionReader);

    public override int GetHashCode() => HashCode.Combine(_source.GetType(), Key);

    // Options may be rebuilt for every scope, each with its own source instance.
    private bool AsksTheSame(IPositionSource other) =>
        ReferenceEquals(_source, other) || (_source.GetType() == other.GetType() && _source.PrimaryCommandText == other.PrimaryCommandText);
}
