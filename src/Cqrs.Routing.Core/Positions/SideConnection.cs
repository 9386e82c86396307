using System.Data.Common;

namespace Cqrs.Routing.Positions;

/// <summary>Opens another connection to a server, beside that of a context and in the way that the context opens its own. Whoever calls disposes it. Thread safe.</summary>
internal delegate ValueTask<DbConnection> SideConnection(bool async, CancellationToken cancellationToken);
