using Cqrs.Routing;
using Cqrs.Routing.TestServers;
using Sample.Api;

namespace Sample.Tests.Tour;

/// <summary>The exit code of the tour, which counts the commands that each server executed.</summary>
public sealed class TourTests
{
    [Fact]
    public async Task The_tour_passes_on_two_SQLite_files()
    {
        (await Program.Main(["--tour"])).ShouldBe(0);
    }

    [Fact]
    public async Task The_tour_passes_on_a_PostgreSQL_primary_and_its_standby()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        var pair = await PostgresPair.SharedAsync();
        var database = await pair.CreateDatabaseAsync("sample_tour", TestContext.Current.CancellationToken);

        var exitCode = await Program.Main(
        [
            "--tour", "--Database:Provider=PostgreSql",
            $"--ConnectionStrings:Primary={database.Primary}", $"--ConnectionStrings:Replica={database.Replica}",
        ]);

        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_tour_in_shadow_mode_names_every_planted_problem_on_two_SQLite_files()
    {
        (await Program.Main(["--tour", "--shadow"])).ShouldBe(0);
    }

    [Fact]
    public async Task The_tour_in_shadow_mode_names_every_planted_problem_on_a_PostgreSQL_primary_and_its_standby()
    {
        Assert.SkipWhen(PostgresPair.SkipReason is not null, PostgresPair.SkipReason ?? "");
        var pair = await PostgresPair.SharedAsync();
        var database = await pair.CreateDatabaseAsync("sample_shadow_tour", TestContext.Current.CancellationToken);

        var exitCode = await Program.Main(
        [
            "--tour", "--shadow", "--Database:Provider=PostgreSql",
            $"--ConnectionStrings:Primary={database.Primary}", $"--ConnectionStrings:Replica={database.Replica}",
        ]);

        exitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_tour_in_shadow_mode_fails_when_a_query_is_routed()
    {
        (await Program.Main(["--tour", "--shadow", "--RoutingRollout:Requests:ListOrders=100"])).ShouldBe(1);
    }

    [Fact]
    public async Task The_tour_fails_without_a_replica()
    {
        var folder = Directory.CreateTempSubdirectory("sample-tests-");

        (await Program.Main(["--tour", $"--ConnectionStrings:Primary=Data Source={folder.FullName}/only.db;Pooling=False"])).ShouldBe(1);

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_tour_fails_when_queries_go_to_the_primary()
    {
        using var primary = RouteScope.ForcePrimary();

        (await Program.Main(["--tour"])).ShouldBe(1);
    }

    [Theory]
    [InlineData("--Database:Provider=Oracle")]
    [InlineData("--Database:Provider=PostgreSql")]
    [InlineData("--Database:Provider=PostgreSql", "--ConnectionStrings:Primary=Host=127.0.0.1;Port=1")]
    [InlineData("--Database:Provider=SqlServer", "--ConnectionStrings:Primary=Server=127.0.0.1,1;Connect Timeout=1")]
    public async Task A_wrong_configuration_ends_the_program(params string[] arguments)
    {
        (await Program.Main(["--tour", .. arguments])).ShouldBe(1);
    }
}
