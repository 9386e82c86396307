namespace Cqrs.Routing.TestServers.Tds;

internal sealed record TdsRows(IReadOnlyList<TdsColumn> Columns, IEnumerable<object?[]> Rows);
