using Cqrs.Routing.Requests;
using Cqrs.Routing.Shadow;

namespace Cqrs.Routing.Tests.Shadow;

public sealed class RolloutPlanTests
{
    private static readonly RequestInfo Query = new(typeof(List.Query), RequestKind.Query);

    [Theory]
    [InlineData(100, null, null, true)]
    [InlineData(0, null, null, false)]
    [InlineData(0, "RolloutPlanTests.List.Query", 100, true)]
    [InlineData(0, "rolloutplantests.list.query", 100, true)]
    [InlineData(100, "Cqrs.Routing.Tests.Shadow.RolloutPlanTests.List.Query", 0, false)]
    [InlineData(100, "Cqrs.Routing.List.Query", 0, true)]
    [InlineData(0, "List.Query", 100, false)]
    public void A_request_goes_by_its_own_percentage_or_by_that_of_all(int percent, string? name, int? own, bool isRouted)
    {
        var options = new RoutingRolloutOptions { Percent = percent };
        if (name is not null)
            options.Requests[name] = own!.Value;

        new RolloutPlan(options).Routes(Query, new object()).ShouldBe(isRouted);
    }

    [Theory]
    [InlineData(100, 100, true, false)]
    [InlineData(0, 0, false, true)]
    [InlineData(100, 0, false, false)]
    [InlineData(0, 100, false, false)]
    [InlineData(50, 50, false, false)]
    public void A_plan_knows_whether_all_or_no_requests_are_routed(int percent, int own, bool all, bool none)
    {
        var options = new RoutingRolloutOptions { Percent = percent };
        options.Requests["RolloutPlanTests.List.Query"] = own;

        var plan = new RolloutPlan(options);

        (plan.RoutesAll, plan.RoutesNone).ShouldBe((all, none));
    }

    [Fact]
    public void Names_that_no_request_type_has_are_found_unless_no_types_are_known()
    {
        var options = new RoutingRolloutOptions();
        foreach (var name in (string[])["RolloutPlanTests.List.Query", "cqrs.routing.tests.shadow.rolloutplantests.list.query", "RouteScope.BeginQuery()", "List.Query", "Other"])
            options.Requests[name] = 0;

        var plan = new RolloutPlan(options);

        plan.FindUnknownNames([typeof(List.Query)]).ShouldBe(["List.Query", "Other"]);
        plan.FindUnknownNames([]).ShouldBeEmpty();
        new RolloutPlan(new()).FindUnknownNames([typeof(List.Query)]).ShouldBeEmpty();
    }

    /// <summary>A use case whose request is nested in it.</summary>
    private static class List
    {
        public sealed record Query : IQuery<int>;
    }
}
