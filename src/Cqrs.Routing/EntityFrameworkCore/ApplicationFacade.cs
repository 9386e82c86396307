using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Internal;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>What <c>DbContext.Database</c> works with: EF's own, with a connection that knows when the application takes it into its own hands.</summary>
internal sealed class ApplicationFacade(IRelationalDatabaseFacadeDependencies facade) : IRelationalDatabaseFacadeDependencies
{
    public IRelationalConnection RelationalConnection { get; } = facade.RelationalConnection is RoutedConnection routed
        ? new ApplicationConnection(routed)
        : facade.RelationalConnection;

    public IRawSqlCommandBuilder RawSqlCommandBuilder { get; } = new ApplicationCommandBuilder(facade.RawSqlCommandBuilder);

    public IRelationalCommandDiagnosticsLogger CommandLogger => facade.CommandLogger;

    // In EF, too, the connection is what manages the transactions.
    public IDbContextTransactionManager TransactionManager => RelationalConnection is ApplicationConnection ? RelationalConnection : facade.TransactionManager;

    public IDatabaseCreator DatabaseCreator => facade.DatabaseCreator;

    public IExecutionStrategy ExecutionStrategy => facade.ExecutionStrategy;

    public IExecutionStrategyFactory ExecutionStrategyFactory => facade.ExecutionStrategyFactory;

    public IEnumerable<IDatabaseProvider> DatabaseProviders => facade.DatabaseProviders;

    IDiagnosticsLogger<DbLoggerCategory.Database.Command> IDatabaseFacadeDependencies.CommandLogger => facade.CommandLogger;

    public IConcurrencyDetector ConcurrencyDetector => facade.ConcurrencyDetector;

    public ICoreSingletonOptions CoreOptions => facade.CoreOptions;

    public IAsyncQueryProvider QueryProvider => facade.QueryProvider;

    public IAdHocMapper AdHocMapper => facade.AdHocMapper;

    public ITypeMappingSource TypeMappingSource => facade.TypeMappingSource;
}
