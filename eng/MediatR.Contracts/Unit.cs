using System;
using System.Threading.Tasks;

namespace MediatR;

public readonly struct Unit : IEquatable<Unit>, IComparable<Unit>, IComparable
{
    private static readonly Unit Only;

    public static ref readonly Unit Value => ref Only;

    public static Task<Unit> Task { get; } = System.Threading.Tasks.Task.FromResult(default(Unit));

    public static bool operator ==(Unit first, Unit second) => true;

    public static bool operator !=(Unit first, Unit second) => false;

    public bool Equals(Unit other) => true;

    public override bool Equals(object? obj) => obj is Unit;

    public override int GetHashCode() => 0;

    public int CompareTo(Unit other) => 0;

    int IComparable.CompareTo(object? obj) => 0;

    public override string ToString() => "()";
}
