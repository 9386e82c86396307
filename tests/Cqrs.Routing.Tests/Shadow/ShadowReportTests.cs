using Cqrs.Routing.Internal;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Tests.Shadow;

/// <summary>The shadow report lists problems to fix and stays bounded.</summary>
public sealed class ShadowReportTests
{
    private readonly ShadowReport _report = new();

    [Fact]
    public void A_report_says_that_no_request_ran_before_any_did() => _report.ToString().ShouldStartWith("Shadow mode: no request ran in shadow mode.");

    [Fact]
    public void Problems_come_first_each_with_its_way_out_and_then_what_is_ready()
    {
        Run("GetOrder", RequestKind.Query, 3, counts =>
        {
            counts.WouldRun(RouteReason.Query);
            counts.Asked();
        });
        Counts("GetOrder").WouldRun(RouteReason.NotCaughtUp);
        Run("ListOrders", RequestKind.Query, 1200, counts => counts.WouldRun(RouteReason.Query));
        Run("Busy", RequestKind.Query, 2, counts => counts.WouldRun(RouteReason.OpenConnection));
        Run("MarkSeen", RequestKind.Query, 2, counts => counts.Refused(ViolationKind.Write, "it called SaveChanges"));
        Run("Confirm", RequestKind.Query, 1, counts => counts.Refused(ViolationKind.Command, "PayOrder"));
        Run("PayOrder", RequestKind.Command, 4, _ => { });
        _report.Broken("Its string is blank.");

        _report.ToString().ShouldBe("""
            Shadow mode: 1,212 requests of 6 types ran on the primary, and nothing was refused. To fix or to know before going live:
              1. The replica cannot be used. Its string is blank.
              2. Busy (2 of 2 runs) would have stayed on the primary (OpenConnection): its context was open on this server before. If a transaction or a connection is opened around every request, open it around commands only.
              3. Confirm (1 of 1 run) is a query and would have been refused for sending PayOrder (CommandInQueryException). Make it a command, send the command after it, or set RoutingOptions.AllowCommandsInQueries.
              4. GetOrder would have been stale in 1 of 3 runs for which the replica was asked: it had not replayed what the session had written. Such a query reads from the primary after all (NotCaughtUp) as long as its session is carried from request to request (UseRoutingSessions, or GetTokenAsync and TryResume); ReplicaOptions.MaxCatchUpWait lets it wait for the replica instead.
              5. MarkSeen (2 of 2 runs) is a query and would have been refused as a write (QueryWriteException): it called SaveChanges. Make it a command (ICommand), or move the write into a command that is sent after it.
            Ready for the replica: ListOrders (1,200).
            On the primary by design: PayOrder (4).
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void Request_types_that_share_a_name_are_told_apart_by_their_namespaces()
    {
        Run("List.Query", RequestKind.Query, 1, counts => counts.WouldRun(RouteReason.Query));
        foreach (var area in (string[])["Shop.Orders", "Shop.Customers"])
        {
            var counts = _report.CountsOf($"{area}.Details.Query", "Details.Query", RequestKind.Query);
            counts.Ran();
            counts.WouldRun(RouteReason.Query);
        }

        _report.ToString().ShouldContain("Ready for the replica: List.Query (1), Shop.Customers.Details.Query (1), Shop.Orders.Details.Query (1).");
    }

    [Fact]
    public void Queries_that_track_are_listed_with_their_share_and_are_neither_ready_nor_by_design()
    {
        Run("GetOrder", RequestKind.Query, 3, counts => counts.WouldRun(RouteReason.Tracking));
        Run("ListOrders", RequestKind.Query, 2, counts => counts.WouldRun(RouteReason.Query));
        Run("Search", RequestKind.Query, 1, counts =>
        {
            counts.WouldRun(RouteReason.Query);
            counts.WouldRun(RouteReason.Tracking);
        });

        _report.ToString().ShouldBe("""
            Shadow mode: 6 requests of 3 types ran on the primary, and nothing was refused. Nothing to fix before going live.
            Ready for the replica: ListOrders (2).
            Tracks what it reads, which comes from the primary (2 of 3 query types; AsNoTracking() or a projection lets the replica serve it): GetOrder (3), Search (1).
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void A_report_holds_a_bounded_number_of_requests_and_problems()
    {
        for (var type = 0; type < ShadowReport.Capacity + 50; type++)
            Run($"Generic{type}", RequestKind.Query, 1, counts => counts.Refused(ViolationKind.Write, "it wrote"));
        for (var attempt = 0; attempt < 100; attempt++)
        {
            Counts("Generic0").Refused(ViolationKind.Write, $"attempt {attempt}");
            _report.Broken($"problem {attempt}");
        }

        _report.Requests.Count.ShouldBe(ShadowReport.Capacity + 1);
        _report.Requests.Single(request => request.Name == "(other requests)").Runs.ShouldBe(50);
        var first = _report.Requests.Single(request => request.Name == "Generic0");
        (first.Writes, first.WriteAttempts.Count, _report.Problems.Count).ShouldBe((101, 5, 20));

        _report.Clear();
        (_report.Requests.Count, _report.Problems.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void A_report_counts_correctly_when_many_threads_count_at_once()
    {
        Parallel.For(0, 10_000, run =>
        {
            var counts = Counts($"Type{run % 10}");
            counts.Ran();
            counts.WouldRun(RouteReason.Query);
            if (run % 100 == 0)
                _ = _report.ToString();
        });

        _report.Requests.ShouldAllBe(request => request.Runs == 1_000 && request.Outcomes[RouteReason.Query] == 1_000);
        _report.Requests.Count.ShouldBe(10);
    }

    private void Run(string name, RequestKind kind, int times, Action<ShadowStatistics> find)
    {
        for (var run = 0; run < times; run++)
        {
            var counts = Counts(name, kind);
            counts.Ran();
            find(counts);
        }
    }

    private ShadowStatistics Counts(string name, RequestKind kind = RequestKind.Query) => _report.CountsOf(name, name, kind);
}
