using Cqrs.Routing.Routing;

namespace Cqrs.Routing.Tests.Routing;

/// <summary>The precedence of the rules, one row each; the README's table says the same.</summary>
public sealed class RouterTests
{
    [Theory]
    [InlineData(RequestKind.Command, false, null, false, false, Route.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Command, false, RouteReason.Query, false, true, Route.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Unmarked, false, RouteReason.Query, false, false, Route.Primary, RouteReason.Unmarked)]
    [InlineData(RequestKind.Query, false, RouteReason.Command, false, false, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, false, RouteReason.Unmarked, false, false, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.InsideCommand, false, true, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.Forced, false, true, Route.Primary, RouteReason.Forced)]
    [InlineData(RequestKind.Query, false, RouteReason.AfterInnerCommand, false, false, Route.Primary, RouteReason.AfterInnerCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.Query, false, true, Route.Primary, RouteReason.ReadFromPrimary)]
    [InlineData(RequestKind.Query, true, RouteReason.Query, true, true, Route.Primary, RouteReason.ReadFromPrimary)]
    [InlineData(RequestKind.Query, false, RouteReason.Command, true, false, Route.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, true, true, Route.Primary, RouteReason.Tracking)]
    [InlineData(RequestKind.Query, false, null, true, false, Route.Primary, RouteReason.Tracking)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, false, true, Route.Primary, RouteReason.RecentWrite)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, false, false, Route.Replica, RouteReason.Query)]
    [InlineData(RequestKind.Query, false, null, false, false, Route.Replica, RouteReason.Query)]
    public void A_request_is_decided_by_the_first_rule_that_applies(
        object kind, bool readFromPrimary, RouteReason? outer, bool tracks, bool commandRanInScope, Route route, RouteReason reason)
    {
        RouteDecision? around = outer is { } outerReason ? new(outerReason == RouteReason.Query ? Route.Replica : Route.Primary, outerReason) : null;

        Router.Decide((RequestKind)kind, readFromPrimary, around, tracks, commandRanInScope).ShouldBe(new(route, reason));
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

    [Theory]
    [InlineData(Route.Replica, RouteReason.Query, RouteReason.Shadow)]
    [InlineData(Route.Primary, RouteReason.Command, RouteReason.Command)]
    [InlineData(Route.Primary, RouteReason.InsideCommand, RouteReason.InsideCommand)]
    [InlineData(Route.Primary, RouteReason.ReadFromPrimary, RouteReason.ReadFromPrimary)]
    [InlineData(Route.Primary, RouteReason.RecentWrite, RouteReason.RecentWrite)]
    public void Shadow_mode_comes_after_all_other_rules(Route route, RouteReason reason, RouteReason inShadow) =>
        Router.Shadow(new(route, reason)).ShouldBe(new(Route.Primary, inShadow));

    [Fact]
    public void What_runs_inside_a_query_in_shadow_mode_is_on_the_primary_for_that_reason() =>
        Router.Decide(RequestKind.Query, readFromPrimary: true, new RouteDecision(Route.Primary, RouteReason.Shadow), tracks: true, wroteRecently: true)
            .ShouldBe(new(Route.Primary, RouteReason.Shadow));

    [Fact]
    public void Every_reason_has_its_words() =>
        Enum.GetValues<RouteReason>().Where(reason => RouteReasonText.Of(reason) == reason.ToString()).ShouldBeEmpty();
}
