using Cqrs.Routing.Routing;

namespace Cqrs.Routing.Tests.Routing;

/// <summary>The precedence of the rules, one row each; the README's table says the same.</summary>
public sealed class RouterTests
{
    [Theory]
    [InlineData(RequestKind.Command, false, null, false, Route.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Command, false, RouteReason.Query, true, Route.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Unmarked, false, RouteReason.Query, false, Route.Primary, RouteReason.Unmarked)]
    [InlineData(RequestKind.Query, false, RouteReason.Command, false, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, false, RouteReason.Unmarked, false, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.InsideCommand, true, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.Forced, true, Route.Primary, RouteReason.Forced)]
    [InlineData(RequestKind.Query, false, RouteReason.AfterInnerCommand, false, Route.Primary, RouteReason.AfterInnerCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.Query, true, Route.Primary, RouteReason.ReadFromPrimary)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, true, Route.Primary, RouteReason.RecentWrite)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, false, Route.Replica, RouteReason.Query)]
    [InlineData(RequestKind.Query, false, null, false, Route.Replica, RouteReason.Query)]
    public void A_request_is_decided_by_the_first_rule_that_applies(
        object kind, bool readFromPrimary, RouteReason? outer, bool commandRanInScope, Route route, RouteReason reason)
    {
        RouteDecision? around = outer is { } outerReason ? new(outerReason == RouteReason.Query ? Route.Replica : Route.Primary, outerReason) : null;

        Router.Decide((RequestKind)kind, readFromPrimary, around, commandRanInScope).ShouldBe(new(route, reason));
    }

    [Theory]
    [InlineData(null, RouteReason.Forced)]
    [InlineData(RouteReason.Query, RouteReason.Forced)]
    [InlineData(RouteReason.Command, RouteReason.InsideCommand)]
    [InlineData(RouteReason.Unmarked, RouteReason.InsideCommand)]
    [InlineData(RouteReason.InsideCommand, RouteReason.InsideCommand)]
    public void Forcing_never_hides_a_command(RouteReason? outer, RouteReason reason)
    {
        RouteDecision? around = outer is { } outerReason ? new(outerReason == RouteReason.Query ? Route.Replica : Route.Primary, outerReason) : null;

        Router.Force(around).ShouldBe(new(Route.Primary, reason));
    }
}
