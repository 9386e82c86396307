namespace Cqrs.Routing.DifferentialTests.Programs;

/// <summary>The families of <see cref="Verb"/>.</summary>
public static class Verbs
{
    public static readonly Verb[] Tracking = Range(Verb.Find, Verb.FindWhileReading);

    public static readonly Verb[] NotTracking = Range(Verb.FirstNoTracking, Verb.SqlScalar);

    public static readonly Verb[] OfTracker = Range(Verb.LoadCollection, Verb.ToggleDetection);

    public static readonly Verb[] Editing = Range(Verb.EditScalar, Verb.AddLazily);

    public static readonly Verb[] Writing = Range(Verb.Save, Verb.ExecuteSql);

    /// <summary>Whether what it answers may be a replica's, in a query.</summary>
    public static bool MayBeStale(Verb verb) => verb is (>= Verb.FirstNoTracking and <= Verb.SqlScalar) or Verb.CountCollection;

    /// <summary>Whether it loads what an entity itself decides: without tracking if the entity is not tracked.</summary>
    public static bool LoadsLazily(Verb verb) => verb is Verb.ReadLazily or Verb.AddLazily;

    /// <summary>Whether it loads into an entity: without tracking if its context does not track that entity.</summary>
    public static bool LoadsInto(Verb verb) => verb is Verb.LoadCollection or Verb.LoadTags or Verb.LoadReference or Verb.LoadAgain or Verb.ListCollection;

    private static Verb[] Range(Verb first, Verb last) => [.. Enum.GetValues<Verb>().Where(verb => verb >= first && verb <= last)];
}
