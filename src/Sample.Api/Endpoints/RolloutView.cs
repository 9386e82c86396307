namespace Sample.Api.Endpoints;

/// <summary>How many of a hundred requests are routed, and what shadow mode found out about the others.</summary>
internal sealed record RolloutView(int Percent, string Report);
