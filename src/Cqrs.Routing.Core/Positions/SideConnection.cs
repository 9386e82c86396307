using System.Data.Common;

namespace Cqrs.Routing.Positions;

/// <summary>Opens another connection to a server, in addition to that of a context and in the same way. The caller disposes it. Thread safe.</summary>
internal delegate ValueTask<DbConnection> SideConnection(bool async, CancellationToken cancellationToken);
