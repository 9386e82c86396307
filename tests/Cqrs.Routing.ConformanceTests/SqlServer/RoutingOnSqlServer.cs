using Cqrs.Routing.ConformanceTests.Routes;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

public sealed class RoutingOnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : RoutingTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;
